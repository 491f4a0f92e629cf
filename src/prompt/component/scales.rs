//! The single scales as components.

use std::rc::Rc;

use leptos::prelude::*;

use super::super::voice::Voice;
use super::frame::frame;
use super::lone::Lone;
use super::theme::Theme;
use crate::core::survey::Question;
use crate::core::text::Wording;
use crate::core::value::{Value, map};

/// How many points a [`CsatScale`] has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum CsatPoints {
    /// 1 to 3.
    Three,
    /// 1 to 5.
    #[default]
    Five,
    /// 1 to 7.
    Seven,
}

/// What the points of a [`CsatScale`] look like. Each has its numeral in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum CsatLook {
    /// Numerals alone.
    #[default]
    Numbers,
    /// Stars, filled up to the one that is chosen.
    Stars,
    /// Faces; they differ by their mouths and not by their colour.
    Faces,
    /// A thumb down (1) and a thumb up (2), each named in full.
    Thumbs,
}

/// How many points a [`CesScale`] has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum CesPoints {
    /// 1 to 5.
    Five,
    /// 1 to 7.
    #[default]
    Seven,
}

/// A component that draws the scale of `$question`, with props of its own and those that all scales have.
macro_rules! scale {
    ($(#[$about:meta])* $name:ident { $($(#[$own:meta])* $prop:ident: $type:ty,)* } $question:expr) => {
        $(#[$about])*
        #[component]
        pub fn $name(
            $($(#[$own])* $prop: $type,)*
            /// The question; empty for the metric's published one. Other wording is not comparable.
            #[prop(optional, into)]
            text: Signal<String>,
            /// What the question's `{about}` stands for.
            #[prop(optional, into)]
            about: Signal<String>,
            /// A line of explanation.
            #[prop(optional, into)]
            hint: Signal<String>,
            /// The language, a BCP 47 tag. It decides digits and direction.
            #[prop(default = "en".into(), into)]
            language: Signal<String>,
            /// The built-in texts in that language: the content of a file of `locales/`. English if there is none.
            #[prop(optional, into)]
            wording: Signal<Wording>,
            /// How it looks.
            #[prop(optional, into)]
            theme: Signal<Theme>,
            /// The level of its heading, 1 to 6.
            #[prop(default = 2)]
            level: u8,
            /// Whether it is marked as required.
            #[prop(default = true)]
            required: bool,
            /// Whether to say that a point must be chosen: set it when the visitor goes on without.
            #[prop(optional, into)]
            missing: Signal<bool>,
            /// The point that is chosen; none of them at first if there is none.
            #[prop(optional, into)]
            value: Option<Signal<Option<i64>>>,
            /// Is told which point the visitor chose, each time.
            on_choose: impl Fn(i64) + 'static,
        ) -> impl IntoView {
            let question = move || {
                let mut question: Value = $question;
                for (key, text) in [("text", text.get()), ("hint", hint.get())] {
                    if !text.is_empty() {
                        *question.at(key) = text.into();
                    }
                }
                *question.at("required") = required.into();
                Question(question)
            };
            let voice = move || Voice {
                about: about.get(),
                language: language.get(),
                wording: Rc::new(wording.get()),
                ..Voice::default()
            };
            draw(question, voice, level, theme, missing, value, on_choose)
        }
    };
}

scale! {
    /// The Net Promoter Score's question: eleven points, 0 to 10.
    ///
    /// A group of native radio buttons with the question as its heading. Digits choose (`1` and then `0` is 10), as do Home, End
    /// and the arrows.
    ///
    /// ```
    /// use asklet::prompt::NpsScale;
    /// use leptos::prelude::*;
    ///
    /// #[component]
    /// fn Recommend() -> impl IntoView {
    ///     let score = RwSignal::new(None::<i64>);
    ///     let tried = RwSignal::new(false);
    ///     view! {
    ///         <form on:submit=move |event| { event.prevent_default(); tried.set(true) }>
    ///             <NpsScale
    ///                 about="Acme"
    ///                 value=score
    ///                 missing=move || tried.get() && score.get().is_none()
    ///                 on_choose=move |point| score.set(Some(point))
    ///             />
    ///             <button>"Send"</button>
    ///         </form>
    ///     }
    /// }
    /// ```
    ///
    /// The radio buttons are in a shadow root, so they are no fields of the form around them: what was chosen comes through
    /// `on_choose`. Enter submits that form all the same.
    NpsScale {}
    map([("kind", "nps".into())])
}

scale! {
    /// The question for satisfaction: 1 to 3, 5 or 7 points as numerals, stars or faces; or two thumbs.
    ///
    /// ```
    /// use asklet::prompt::{CsatLook, CsatPoints, CsatScale};
    /// use leptos::prelude::*;
    ///
    /// #[component]
    /// fn Satisfied(on_choose: Callback<i64>) -> impl IntoView {
    ///     view! {
    ///         <CsatScale
    ///             points=CsatPoints::Three
    ///             look=CsatLook::Faces
    ///             text="How was your order?"
    ///             on_choose=move |point| on_choose.run(point)
    ///         />
    ///     }
    /// }
    /// ```
    ///
    /// Which part of its scale a point belongs to, says [`Scale::bucket`](crate::core::survey::Scale::bucket). For value, form and keys
    /// see [`NpsScale`].
    CsatScale {
        /// How many points. Thumbs are two, whatever this says.
        #[prop(optional)]
        points: CsatPoints,
        /// What they look like.
        #[prop(optional)]
        look: CsatLook,
    }
    csat(points, look)
}

scale! {
    /// The Customer Effort Score's question (CES 2.0): 1 to 5 or 7 points, from strongly disagree to strongly agree.
    ///
    /// ```
    /// use asklet::prompt::{CesPoints, CesScale};
    /// use leptos::prelude::*;
    ///
    /// #[component]
    /// fn Easy(language: Signal<String>) -> impl IntoView {
    ///     let answer = RwSignal::new(None::<i64>);
    ///     view! {
    ///         <CesScale points=CesPoints::Five about="Acme" language on_choose=move |point| answer.set(Some(point)) />
    ///     }
    /// }
    /// ```
    ///
    /// For value, form and keys see [`NpsScale`].
    CesScale {
        /// How many points.
        #[prop(optional)]
        points: CesPoints,
    }
    map([("kind", "ces".into()), ("points", if points == CesPoints::Five { 5_i64 } else { 7 }.into())])
}

fn csat(points: CsatPoints, look: CsatLook) -> Value {
    let look = match look {
        CsatLook::Numbers => "numbers",
        CsatLook::Stars => "stars",
        CsatLook::Faces => "faces",
        CsatLook::Thumbs => return map([("kind", "csat".into()), ("look", "thumbs".into())]),
    };
    let points = match points {
        CsatPoints::Three => 3_i64,
        CsatPoints::Five => 5,
        CsatPoints::Seven => 7,
    };
    map([("kind", "csat".into()), ("points", points.into()), ("look", look.into())])
}

/// Draws a scale, and again when its question or its words change; what was chosen stays.
fn draw(
    question: impl Fn() -> Question + Copy + 'static,
    voice: impl Fn() -> Voice + Copy + 'static,
    level: u8,
    theme: Signal<Theme>,
    missing: Signal<bool>,
    value: Option<Signal<Option<i64>>>,
    on_choose: impl Fn(i64) + 'static,
) -> impl IntoView {
    let lone = StoredValue::new_local(None::<Lone>);
    let with = move |act: &dyn Fn(&Lone)| lone.with_value(|lone| lone.iter().for_each(act));
    frame(theme, move |host, inside| {
        lone.set_value(Some(Lone::new(host, inside, on_choose)));
        Effect::new(move |drawn: Option<()>| {
            let (question, voice) = (question(), voice());
            let Some(scale) = question.scale() else { return };
            with(&|lone| {
                lone.draw(&question, scale, &voice, level);
                lone.miss(missing.get_untracked(), &question, &voice);
                if let (None, Some(value)) = (drawn, value) {
                    lone.choose(value.get_untracked());
                }
            });
        });
        Effect::new(move |_| {
            let is_missing = missing.get();
            let (question, voice) = untrack(|| (question(), voice()));
            with(&|lone| lone.miss(is_missing, &question, &voice));
        });
        if let Some(value) = value {
            Effect::new(move |_| {
                let point = value.get();
                with(&|lone| lone.choose(point));
            });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scale_is_one_of_the_core() {
        let points = |question| Question(question).scale().map(|scale| scale.points);
        let table = [
            (CsatPoints::Three, CsatLook::Faces, 3),
            (CsatPoints::Five, CsatLook::Stars, 5),
            (CsatPoints::Seven, CsatLook::Numbers, 7),
            (CsatPoints::Seven, CsatLook::Thumbs, 2),
        ];
        for (count, look, expect) in table {
            assert_eq!(points(csat(count, look)), Some(expect), "{count:?} {look:?}");
        }
    }
}
