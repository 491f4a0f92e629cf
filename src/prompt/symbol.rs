//! What is drawn and not written: lines, hidden from those who hear the prompt. (accessibility.md, items 5 and 22: faces differ by
//! their mouths, not by their colour.)

use super::pen::Pen;
use crate::core::config::problem::whole;

/// A `cross`, or the point `index` of 0 to `last` as `stars`, `faces` or `thumbs`.
pub(super) fn symbol(pen: &mut Pen, name: &str, index: usize, last: usize) {
    pen.open("svg;viewBox=0 0 160 160;aria-hidden=true").open("path");
    match name {
        "stars" => pen.set("d", "M80 15 100 59 148 64 112 96 122 143 80 119 38 143 48 96 12 64 60 59Z"),
        "faces" => {
            // From a mouth drawn down to one drawn up.
            let part = |from: i64, by: i64| whole(from + by * index as i64 / last as i64);
            let (corner, middle) = (part(118, -20), part(84, 56));
            let mouth = ["M50 ", &corner, "Q80 ", &middle, " 110 ", &corner].concat();
            pen.set("d", &["M80 10a70 70 0 1 0 .1 0ZM57 58v10M103 58v10", &mouth].concat())
        }
        "thumbs" => {
            if index == 0 {
                // Half a turn makes it a thumb down.
                pen.set("transform", "rotate(180 80 80)");
            }
            pen.set("d", "M50 72v66H18V72ZM50 76 80 14c17 0 24 12 22 26l-4 24h42l-9 66c-1 6-5 8-10 8H50")
        }
        _ => pen.set("d", "M30 30 130 130M130 30 30 130"),
    };
    pen.close().close();
}
