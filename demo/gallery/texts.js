// What the shop itself asks, in the languages that it speaks.

export const obstacle = {
  en: "What nearly kept you from ordering?",
  de: "Was hätte Sie beinahe vom Bestellen abgehalten?",
  ar: "ما الذي كاد يمنعك من إتمام الطلب؟",
};
export const obstacles = {
  price: { en: "The prices", de: "Die Preise", ar: "الأسعار" },
  delivery: { en: "The time of delivery", de: "Die Lieferzeit", ar: "مدة التوصيل" },
  range: { en: "Too little to choose from", de: "Die kleine Auswahl", ar: "قلة الخيارات" },
  payment: { en: "The ways to pay", de: "Die Zahlungsarten", ar: "طرق الدفع" },
  nothing: { en: "Nothing at all", de: "Gar nichts", ar: "لا شيء على الإطلاق" },
};

export const goods = {
  en: "What do you come to {about} for?",
  de: "Was suchen Sie bei {about}?",
  ar: "ما الذي تبحث عنه لدى {about}؟",
};
export const allGoods = {
  notebooks: { en: "Notebooks", de: "Notizbücher", ar: "دفاتر" },
  pens: { en: "Pens and pencils", de: "Füller und Bleistifte", ar: "أقلام حبر ورصاص" },
  ink: { en: "Ink", de: "Tinte", ar: "حبر" },
  letters: { en: "Letter paper and envelopes", de: "Briefpapier und Umschläge", ar: "ورق رسائل وأظرف" },
  wrapping: { en: "Wrapping paper and ribbon", de: "Geschenkpapier und Bänder", ar: "ورق تغليف وأشرطة" },
};

export const email = {
  en: "Where may we send our reply?",
  de: "Wohin dürfen wir unsere Antwort senden?",
  ar: "إلى أي عنوان نرسل ردّنا؟",
};
export const emailHint = {
  en: "We write about this one matter only.",
  de: "Wir schreiben nur zu dieser einen Sache.",
  ar: "نراسلك بخصوص هذا الأمر فقط.",
};

export const consent = {
  en: "May we quote your answer?",
  de: "Dürfen wir Ihre Antwort zitieren?",
  ar: "هل تسمح لنا باقتباس إجابتك؟",
};
export const consentLink = {
  en: "How we use answers",
  de: "Wie wir Antworten verwenden",
  ar: "كيف نستخدم الإجابات",
};

export const helpLink = { en: "Read our help page", de: "Zu unserer Hilfeseite", ar: "اقرأ صفحة المساعدة" };
