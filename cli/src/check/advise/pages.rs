//! Page rules that match no page.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::config::problem::element;

/// A part of a glob.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    /// This character.
    One(char),
    /// Any run without `/`.
    Star,
    /// Any run.
    Any,
}

/// Warns of rules, listed at `path`, that match nothing, and of lists that leave nothing. `then` says what comes of it.
pub fn advise(rules: &Value, path: &str, then: &str, warnings: &mut Vec<Problem>) {
    let mut sound = true;
    for (index, rule) in rules.list().iter().enumerate() {
        let path = element(path, index);
        if let Some(glob) = rule.text() {
            if let Some(why) = never(glob.strip_prefix('!').unwrap_or(glob)) {
                let effect = if glob.starts_with('!') { "excludes nothing" } else { "matches no page" };
                warnings.push(Problem::new("page-never", &path, format!("{effect}: {why}")));
                sound = false;
            }
        } else if let Some(regex) = rule.get("regex").text()
            && (regex.starts_with("^/") || regex.starts_with(r"^\/"))
        {
            let path = format!("{path}.regex");
            let message = "matches no page: a regular expression is held against the whole address, which begins with https://; \
                           write a glob, or leave the ^ out";
            warnings.push(Problem::new("page-never", &path, message));
            sound = false;
        }
    }
    let globs = |excludes: bool| {
        let texts = rules.list().iter().filter_map(Value::text);
        texts.filter(move |glob| glob.starts_with('!') == excludes).map(move |glob| &glob[usize::from(excludes)..])
    };
    let excludes: Vec<&str> = globs(true).collect();
    let taken = |include: &str| excludes.iter().any(|exclude| covers(exclude, include));
    let regexes = rules.list().iter().any(|rule| rule.text().is_none());
    let left = if regexes || globs(false).next().is_some() {
        // Of what a regular expression matches only an exclude of everything leaves nothing.
        globs(false).any(|include| !taken(include)) || (regexes && !taken("/**"))
    } else {
        !taken("/**")
    };
    if sound && !excludes.is_empty() && !left {
        let message = format!("leave no page: what is included is excluded again, so {then}");
        warnings.push(Problem::new("pages-none", path, &message));
    }
}

/// Where the part behind `https://` begins.
fn behind_scheme(glob: &str) -> Option<usize> {
    let end = glob.find("://")?;
    let scheme = &glob[..end];
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-._".contains(c));
    fits.then_some(end + 3)
}

/// Why a glob matches no address at all.
fn never(glob: &str) -> Option<String> {
    if let Some(c) = glob.chars().find(|c| !c.is_ascii() || *c == ' ') {
        let encoded: String = c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        return Some(format!("addresses are encoded; write {encoded} for \"{c}\""));
    }
    if glob.contains('#') {
        return Some("globs are held against the address without its fragment; use { \"regex\": ... }".into());
    }
    if let Some(start) = behind_scheme(glob) {
        let rest = &glob[start..];
        let host = rest.split(['/', '*']).next().unwrap_or_default();
        if host.contains(|c: char| c.is_ascii_uppercase()) {
            return Some("hosts in addresses are in small letters".into());
        }
        // A host, and a path of at least a slash.
        let path = rest.get(1..).is_some_and(|rest| rest.contains('/')) || rest.contains("**");
        return (!path).then(|| format!("every address has a path; write {}/**", glob.trim_end_matches('*')));
    }
    if glob.contains('?') {
        return Some("a path is without the query; use { \"regex\": ... }, which sees the whole address".into());
    }
    match tokens(glob).into_iter().find(|token| *token != Token::Star) {
        Some(Token::One('/') | Token::Any) => None,
        Some(_) if !glob.starts_with('*') => {
            Some(format!("a path begins with a slash; write \"/{glob}\", or begin with https://"))
        }
        _ => Some("a path begins with a slash, and * takes none; begin with / or **".into()),
    }
}

fn tokens(glob: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = glob.chars().peekable();
    while let Some(c) = rest.next() {
        tokens.push(match c {
            '*' if rest.next_if_eq(&'*').is_some() => Token::Any,
            '*' => Token::Star,
            c => Token::One(c),
        });
    }
    tokens
}

/// A glob as token lists: a closing `/**` takes in the folder itself.
fn variants(glob: &str) -> Vec<Vec<Token>> {
    let folder = glob.strip_suffix("/**").filter(|folder| !folder.is_empty());
    [Some(glob), folder].into_iter().flatten().map(tokens).collect()
}

/// Whether certainly every page that `include` matches is matched by `exclude`.
fn covers(exclude: &str, include: &str) -> bool {
    if ["**", "/**"].contains(&exclude) {
        return true;
    }
    if behind_scheme(exclude).is_some() != behind_scheme(include).is_some() {
        return false;
    }
    let excludes = variants(exclude);
    variants(include).iter().all(|include| excludes.iter().any(|exclude| absorbs(exclude, include)))
}

/// Whether the stars of `wide` can take in all that `narrow` has.
fn absorbs(wide: &[Token], narrow: &[Token]) -> bool {
    match (wide, narrow) {
        ([], []) => true,
        ([star @ (Token::Star | Token::Any), rest @ ..], narrow) => {
            let takes = |token: &Token| *star == Token::Any || !matches!(token, Token::Any | Token::One('/'));
            let most = narrow.iter().take_while(|token| takes(token)).count();
            (0..=most).any(|count| absorbs(rest, &narrow[count..]))
        }
        ([one, wide @ ..], [other, narrow @ ..]) => one == other && absorbs(wide, narrow),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(rules: &str) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        advise(&serde_json::from_str(rules).unwrap(), "pages", "", &mut warnings);
        warnings.iter().map(|warning| warning.code).collect()
    }

    #[test]
    fn rules_that_match_nothing() {
        let table: &[(&str, &[&str])] = &[
            (r#"["/"]"#, &[]),
            (r#"["/help/**", "!/help/internal/**"]"#, &[]),
            (r#"["**"]"#, &[]),
            (r#"["**/help"]"#, &[]),
            (r#"["*/help"]"#, &[]),
            (r#"["!/admin/**"]"#, &[]),
            (r#"["/%C3%BCber"]"#, &[]),
            (r#"["https://shop.example/**"]"#, &[]),
            (r#"["https://shop.example/"]"#, &[]),
            (r#"["https://**"]"#, &[]),
            (r#"["https://*.example/?q=*"]"#, &[]),
            (r#"["https://*/x"]"#, &[]),
            (r#"["/a/b://c"]"#, &[]),
            (r#"[{"regex": "[?&]step=3"}]"#, &[]),
            (r#"[{"regex": "^https://shop\\.example/"}]"#, &[]),
            (r#"["help"]"#, &["page-never"]),
            (r#"["shop.example/help"]"#, &["page-never"]),
            (r#"["*"]"#, &["page-never"]),
            (r#"["*.html"]"#, &["page-never"]),
            (r#"["/search?q=*"]"#, &["page-never"]),
            (r#"["/#/basket"]"#, &["page-never"]),
            (r#"["/über"]"#, &["page-never"]),
            (r#"["/a b"]"#, &["page-never"]),
            (r#"["https://shop.example"]"#, &["page-never"]),
            (r#"["https://*"]"#, &["page-never"]),
            (r#"["https://Shop.example/"]"#, &["page-never"]),
            (r#"["/a", "!b"]"#, &["page-never"]),
            (r#"["!"]"#, &["page-never"]),
            (r#"[{"regex": "^/help"}]"#, &["page-never"]),
            (r#"[{"regex": "^\\/help"}, "/help"]"#, &["page-never"]),
            // Lists that leave nothing.
            (r#"["/help", "!/help"]"#, &["pages-none"]),
            (r#"["/help", "/faq", "!/help"]"#, &[]),
            (r#"["/help/returns", "/help/*", "!/help/**"]"#, &["pages-none"]),
            (r#"["/help/**", "!/help/*"]"#, &[]),
            (r#"["/help/**", "!/help/**"]"#, &["pages-none"]),
            (r#"["/help", "!/help/**"]"#, &["pages-none"]),
            (r#"["/help/**", "!/**/x"]"#, &[]),
            (r#"["/help/**", "!/**"]"#, &["pages-none"]),
            (r#"["!**"]"#, &["pages-none"]),
            (r#"["!/*"]"#, &[]),
            (r#"["/*", "!/*"]"#, &["pages-none"]),
            (r#"["/a*c", "!/a*"]"#, &["pages-none"]),
            (r#"["/a*", "!/a*c"]"#, &[]),
            (r#"["https://a.example/**", "!https://*.example/**"]"#, &["pages-none"]),
            (r#"["https://a.example/x", "!/x"]"#, &[]),
            (r#"[{"regex": "x"}, "!/x"]"#, &[]),
            (r#"[{"regex": "x"}, "!/**"]"#, &["pages-none"]),
        ];
        for (rules, expect) in table {
            assert_eq!(codes(rules), *expect, "{rules}");
        }
    }

    /// What is said to match nothing matches nothing, and what is said to be excluded is: as the core has it.
    #[test]
    fn the_core_agrees() {
        use asklet::core::platform::Bare;
        use asklet::core::touchpoint::allow;
        let globs = [
            "/",
            "/a",
            "/a/**",
            "/a/*",
            "/*",
            "/**",
            "**",
            "*",
            "*/b",
            "a",
            "/a*",
            "/*b",
            "https://h/**",
            "https://h",
            "https://*",
        ];
        let paths = ["/", "/a", "/b", "/a/", "/a/b", "/ab", "/a/b/c", "/b/a"];
        let urls: Vec<String> = paths.iter().map(|path| format!("https://h{path}")).collect();
        let mut found = 0;
        for include in globs {
            for exclude in globs {
                let rules = Value::List(vec![include.into(), format!("!{exclude}").into()]);
                let mut warnings = Vec::new();
                advise(&rules, "pages", "", &mut warnings);
                if warnings.iter().any(|warning| warning.code == "pages-none" || warning.path == "pages[0]") {
                    found += 1;
                    for url in &urls {
                        assert!(!allow(&rules, url, &Bare), "{include} !{exclude} {url}");
                    }
                }
            }
        }
        assert!(found > 50, "{found}");
    }
}
