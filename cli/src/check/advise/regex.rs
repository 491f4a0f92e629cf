//! Regular expressions that can run away: whose time can double with each further character of what they are held against.
//!
//! That is so if a loop can take the same text in two ways, and what follows can fail: then every way is tried. The expression is
//! turned into an automaton of its character sets; a loop in it is ambiguous if two copies that read the same text can part and
//! meet again.

use std::collections::HashMap;

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::config::shape::Kind;

use super::super::platform::each;

/// Warns of each regular expression of the config that can run away.
pub fn advise(document: &Value, problems: &[Problem], warnings: &mut Vec<Problem>) {
    each(document, &mut |kind, value, path| {
        let known = problems.iter().any(|problem| problem.path == path);
        if let (Kind::Regex, Some(text), false) = (kind, value.text(), known)
            && runs_away(text)
        {
            let message = "can run away: a repeated part of it can take the same text in more than one way, so a text that almost fits \
                           can stop the page; let only one way remain, as in ^(\\w+ )*\\w+$ instead of ^(\\w+ ?)*$";
            warnings.push(Problem::new("regex-runaway", path, message));
        }
    });
}

/// A set of characters: ranges, both ends included.
type Set = Vec<(u32, u32)>;

#[derive(Clone, Debug)]
enum Node {
    Set(Set),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    /// So often at least, and at most.
    Repeat(Box<Node>, usize, Option<usize>),
    /// A place that must be: `^`, `$`, `\b`, or what a look around finds.
    Place(Option<Box<Node>>),
}

/// Whether some text makes it run away. What is too large or too odd to tell passes for harmless.
pub fn runs_away(pattern: &str) -> bool {
    let mut parser = Parser { rest: pattern.chars().collect(), at: 0 };
    let Some(node) = parser.either() else { return false };
    parser.at == parser.rest.len() && node.some_part_runs_away()
}

impl Node {
    fn some_part_runs_away(&self) -> bool {
        let mut automaton = Automaton::default();
        let whole = automaton.build(self);
        let around = self.looks_around().iter().any(|node| node.some_part_runs_away());
        around || (automaton.sets.len() <= LARGEST && automaton.runs_away(&whole))
    }

    fn looks_around(&self) -> Vec<&Node> {
        match self {
            Node::Set(_) => Vec::new(),
            Node::Sequence(nodes) | Node::Either(nodes) => nodes.iter().flat_map(Node::looks_around).collect(),
            Node::Repeat(node, ..) => node.looks_around(),
            Node::Place(node) => node.iter().map(|node| &**node).collect(),
        }
    }
}

/// An automaton with more states than this is not looked at.
const LARGEST: usize = 120;

/// States are the places at which a character is read.
#[derive(Default)]
struct Automaton {
    sets: Vec<Set>,
    /// In how many ways one state follows another, counted up to two.
    follow: HashMap<(usize, usize), u8>,
}

/// A part of an automaton.
#[derive(Clone, Default)]
struct Part {
    /// It can be passed without a character,
    empty: bool,
    /// and without a condition.
    free: bool,
    first: Vec<usize>,
    /// Where it can end, and whether something after that must still hold.
    last: Vec<(usize, bool)>,
}

impl Part {
    fn nothing() -> Part {
        Part::default().or_nothing()
    }

    fn or_nothing(self) -> Part {
        Part { empty: true, free: true, ..self }
    }
}

impl Automaton {
    fn build(&mut self, node: &Node) -> Part {
        if self.sets.len() > LARGEST {
            return Part::default();
        }
        match node {
            Node::Set(set) => {
                let state = self.sets.len();
                self.sets.push(set.clone());
                Part { first: vec![state], last: vec![(state, false)], ..Part::default() }
            }
            Node::Place(_) => Part { empty: true, ..Part::default() },
            Node::Sequence(nodes) => nodes.iter().fold(Part::nothing(), |whole, node| {
                let part = self.build(node);
                self.join(whole, part)
            }),
            Node::Either(nodes) => {
                let mut whole = Part::default();
                for node in nodes {
                    let part = self.build(node);
                    whole.empty |= part.empty;
                    whole.free |= part.free;
                    whole.first.extend(part.first);
                    whole.last.extend(part.last);
                }
                whole
            }
            Node::Repeat(node, least, most) => {
                let mut whole = Part::nothing();
                for _ in 0..(*least).min(LARGEST) {
                    let part = self.build(node);
                    whole = self.join(whole, part);
                }
                let rest = match most {
                    Some(most) => self.at_most(node, most.saturating_sub(*least).min(LARGEST)),
                    None => {
                        let part = self.build(node);
                        self.follow(&part.last, &part.first);
                        part.or_nothing()
                    }
                };
                self.join(whole, rest)
            }
        }
    }

    /// Up to `times` in a row, where a later one needs the earlier ones: `(a(a)?)?`.
    fn at_most(&mut self, node: &Node, times: usize) -> Part {
        if times == 0 {
            return Part::nothing();
        }
        let one = self.build(node);
        let more = self.at_most(node, times - 1);
        self.join(one, more).or_nothing()
    }

    fn follow(&mut self, last: &[(usize, bool)], first: &[usize]) {
        for (from, _) in last {
            for to in first {
                let ways = self.follow.entry((*from, *to)).or_default();
                *ways = (*ways + 1).min(2);
            }
        }
    }

    fn join(&mut self, one: Part, other: Part) -> Part {
        self.follow(&one.last, &other.first);
        let first = if one.empty { [one.first, other.first].concat() } else { one.first };
        let mut last = other.last;
        if other.empty {
            last.extend(one.last.into_iter().map(|(state, held)| (state, held || !other.free)));
        }
        Part { empty: one.empty && other.empty, free: one.free && other.free, first, last }
    }

    fn runs_away(&self, whole: &Part) -> bool {
        let states = self.sets.len();
        let next: Vec<Vec<usize>> =
            (0..states).map(|from| (0..states).filter(|to| self.follow.contains_key(&(from, *to))).collect()).collect();
        let reaches: Vec<Vec<bool>> =
            (0..states).map(|from| reach(states, [from], |state| next[state].clone())).collect();
        let loops = |state: usize| reaches[state][state];
        (0..states).filter(|state| loops(*state)).any(|state| {
            let ring: Vec<usize> =
                (0..states).filter(|other| reaches[state][*other] && reaches[*other][state]).collect();
            // Each loop is looked at once.
            if ring[0] != state {
                return false;
            }
            // If it may end here without more ado, the first way is good.
            let can_fail = !whole.last.iter().any(|(last, held)| !held && ring.contains(last));
            can_fail && self.is_ambiguous(&ring)
        })
    }

    fn is_ambiguous(&self, ring: &[usize]) -> bool {
        let ways = |from: usize, to: usize| self.follow.get(&(from, to)).copied().unwrap_or_default();
        if ring.iter().any(|from| ring.iter().any(|to| ways(*from, *to) > 1)) {
            return true;
        }
        // Pairs of states that read the same text.
        let size = ring.len();
        let pair = |a: usize, b: usize| a * size + b;
        let step = |from: usize, to: usize| ways(ring[from], ring[to]) > 0;
        let alike: Vec<bool> =
            (0..size * size).map(|at| meet(&self.sets[ring[at / size]], &self.sets[ring[at % size]])).collect();
        let forward = |at: usize| {
            let (a, b) = (at / size, at % size);
            let onward = (0..size).filter(move |to| step(a, *to));
            onward
                .flat_map(|x| (0..size).filter(move |y| step(b, *y)).map(move |y| pair(x, y)))
                .filter(|at| alike[*at])
                .collect()
        };
        let backward = |at: usize| {
            let (a, b) = (at / size, at % size);
            let back = (0..size).filter(move |from| step(*from, a));
            back.flat_map(|x| (0..size).filter(move |y| step(*y, b)).map(move |y| pair(x, y)))
                .filter(|at| alike[*at])
                .collect()
        };
        let same = || (0..size).map(|state| pair(state, state));
        let parted = reach(size * size, same(), forward);
        let meeting = reach(size * size, same(), backward);
        (0..size * size).any(|at| at / size != at % size && parted[at] && meeting[at])
    }
}

/// What can be reached from `start` in one step or more.
fn reach(size: usize, start: impl IntoIterator<Item = usize>, next: impl Fn(usize) -> Vec<usize>) -> Vec<bool> {
    let mut reached = vec![false; size];
    let mut open: Vec<usize> = start.into_iter().collect();
    while let Some(state) = open.pop() {
        for to in next(state) {
            if !reached[to] {
                reached[to] = true;
                open.push(to);
            }
        }
    }
    reached
}

fn meet(one: &Set, other: &Set) -> bool {
    one.iter().any(|(low, high)| other.iter().any(|(from, to)| low <= to && from <= high))
}

const LAST: u32 = 0x10_FFFF;

fn all_but(set: &Set) -> Set {
    let mut set = set.clone();
    set.sort_unstable();
    let (mut rest, mut from) = (Vec::new(), 0);
    for (low, high) in set {
        if from < low {
            rest.push((from, low - 1));
        }
        from = from.max(high + 1);
    }
    if from <= LAST {
        rest.push((from, LAST));
    }
    rest
}

/// Reads expressions that are known to be right, in the manner of JavaScript without flags. `None` where it does not follow.
struct Parser {
    rest: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.rest[self.at..].iter().copied().take(text.len()).eq(text.chars());
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn either(&mut self) -> Option<Node> {
        let mut branches = vec![self.sequence()?];
        while self.take("|") {
            branches.push(self.sequence()?);
        }
        Some(if branches.len() == 1 { branches.remove(0) } else { Node::Either(branches) })
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut nodes = Vec::new();
        while !matches!(self.peek(), None | Some('|' | ')')) {
            let node = self.atom()?;
            let (least, most) = self.quantifier();
            nodes.push(if (least, most) == (1, Some(1)) { node } else { Node::Repeat(Box::new(node), least, most) });
        }
        Some(Node::Sequence(nodes))
    }

    fn quantifier(&mut self) -> (usize, Option<usize>) {
        let found = if self.take("*") {
            (0, None)
        } else if self.take("+") {
            (1, None)
        } else if self.take("?") {
            (0, Some(1))
        } else if let Some(counts) = self.counts() {
            counts
        } else {
            return (1, Some(1));
        };
        self.take("?");
        found
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else in braces stands for itself.
    fn counts(&mut self) -> Option<(usize, Option<usize>)> {
        let end = self.rest[self.at..].iter().position(|c| *c == '}')?;
        let text: String = self.rest[self.at..self.at + end].iter().collect();
        let text = text.strip_prefix('{')?;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let counts = match text.split_once(',') {
            None => (number(text)?, Some(number(text)?)),
            Some((least, "")) => (number(least)?, None),
            Some((least, most)) => (number(least)?, Some(number(most)?)),
        };
        self.at += end + 1;
        Some(counts)
    }

    fn atom(&mut self) -> Option<Node> {
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            '^' | '$' => Node::Place(None),
            '.' => Node::Set(all_but(&line_ends())),
            '[' => Node::Set(self.class()?),
            '\\' => self.escape()?,
            '(' => {
                let around = ["?=", "?!", "?<=", "?<!"].into_iter().any(|mark| self.take(mark));
                if !around && self.take("?<") {
                    while self.peek()? != '>' {
                        self.at += 1;
                    }
                    self.at += 1;
                } else if !around && self.take("?") && !self.take(":") {
                    return None;
                }
                let inner = self.either()?;
                if !self.take(")") {
                    return None;
                }
                if around { Node::Place(Some(Box::new(inner))) } else { inner }
            }
            c => Node::Set(vec![(c.into(), c.into())]),
        })
    }

    fn escape(&mut self) -> Option<Node> {
        let c = self.peek()?;
        match c {
            'b' | 'B' => {
                self.at += 1;
                Some(Node::Place(None))
            }
            // What a group has found is not known here.
            '1'..='9' | 'k' => None,
            _ => Some(Node::Set(self.escaped()?)),
        }
    }

    /// What stands behind a backslash, as a set.
    fn escaped(&mut self) -> Option<Set> {
        let c = self.peek()?;
        self.at += 1;
        let one = |c: u32| vec![(c, c)];
        let hex = |parser: &mut Self, digits: usize| {
            let text: String = parser.rest.get(parser.at..parser.at + digits)?.iter().collect();
            parser.at += digits;
            u32::from_str_radix(&text, 16).ok().map(one)
        };
        Some(match c {
            'd' => digits(),
            'D' => all_but(&digits()),
            'w' => word(),
            'W' => all_but(&word()),
            's' => space(),
            'S' => all_but(&space()),
            'n' => one(10),
            'r' => one(13),
            't' => one(9),
            'v' => one(11),
            'f' => one(12),
            '0' => one(0),
            'x' => hex(self, 2)?,
            'u' => hex(self, 4)?,
            'c' | '1'..='9' => return None,
            c => one(c.into()),
        })
    }

    fn class(&mut self) -> Option<Set> {
        let negated = self.take("^");
        let mut set = Set::new();
        while !self.take("]") {
            let from = self.member()?;
            let ranged = self.peek() == Some('-') && self.rest.get(self.at + 1).is_some_and(|c| *c != ']');
            match (ranged, from.as_slice()) {
                (true, [(low, high)]) if low == high => {
                    self.at += 1;
                    match self.member()?.as_slice() {
                        [(end, last)] if end == last => set.push((*low, *end)),
                        other => {
                            set.extend([(*low, *low), ('-'.into(), '-'.into())]);
                            set.extend(other);
                        }
                    }
                }
                _ => set.extend(from),
            }
        }
        Some(if negated { all_but(&set) } else { set })
    }

    fn member(&mut self) -> Option<Set> {
        let c = self.peek()?;
        if c == '\\' {
            self.at += 1;
            return if self.take("b") { Some(vec![(8, 8)]) } else { self.escaped() };
        }
        self.at += 1;
        Some(vec![(c.into(), c.into())])
    }
}

fn digits() -> Set {
    vec![('0'.into(), '9'.into())]
}

fn word() -> Set {
    vec![('0'.into(), '9'.into()), ('A'.into(), 'Z'.into()), ('_'.into(), '_'.into()), ('a'.into(), 'z'.into())]
}

fn line_ends() -> Set {
    vec![(10, 10), (13, 13), (0x2028, 0x2029)]
}

fn space() -> Set {
    vec![
        (9, 13),
        (32, 32),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200A),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each of these is known to take exponential time, or not to, in a backtracking engine.
    #[test]
    fn what_can_run_away() {
        let run = [
            r"^(a+)+$",
            r"^(a*)*$",
            r"^(a|a)*$",
            r"^(a|aa)+$",
            r"^(\w+\s?)*$",
            r"^([a-z]+-?)*$",
            r"(x+x+)+y",
            r"(.*)*=",
            r"^(?:a?b?)*$",
            r"^(a*b*)*c",
            r"(?:\d+|[0-9a-f]+)*;",
            r"^(([a-z])+.)+[A-Z]([a-z])+$",
            r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
            r"(?=(a+)+b)a",
            r"^(?:[^/]+|/x?)*\?$",
            r"^(a{2,})+b",
            r"^(?:a{1,3})*$",
            r"^(\u0061|a)*$",
            r"(a+)+b|c",
            r"(?:(a+)+b)?c",
            r"^(\w+\s?)*(?:$|,)",
        ];
        let fine = [
            r"^/help",
            r"[?&]step=3(&|$)",
            r"^https://[^/]+/(?:[^/]+/)*basket$",
            r"^(/[^/]+)*/?$",
            r"^(\w+ )*\w+$",
            r"^(\w+\.)*\w+@\w+(\.\w+)+$",
            r"^\d{1,5}(,\d{3})*$",
            r"^(a|b)*$",
            r"^(a|ab)*$",
            r"^(?:red|green|blue)+$",
            r"a*a*b",
            r"\s+$",
            r"(a+)+",
            r"(\w+\s?)*",
            r".*.*.*x",
            r"^(?:a{1,3}b)*$",
            r"^(?:(?:a|b){0,3}c)*$",
            r"^(?:a{500}b)*$",
            r"^\[(?:[^\]\\]|\\.)*\]$",
            r#"^"(?:[^"\\]|\\.)*"$"#,
            r"(a)\1+b",
            r"^(?<year>\d{4})-(?<month>\d\d)$",
            r"^[^\d]+\d+$",
            r"x{a}|{2",
            r"(?!a+b)c",
            "",
            "|",
        ];
        for pattern in run {
            assert!(regress::Regex::new(pattern).is_ok(), "{pattern}");
            assert!(runs_away(pattern), "{pattern}");
        }
        for pattern in fine {
            assert!(regress::Regex::new(pattern).is_ok(), "{pattern}");
            assert!(!runs_away(pattern), "{pattern}");
        }
    }
}
