//! Names of interfaces as people write them: which one is meant, and which was probably meant.
//!
//! Used wherever a topology or a scenario names an interface.

/// The interface that this text means: its letters begin the type's name, its number is the same.
pub(crate) fn find_interface(text: &str, names: Vec<String>) -> Option<String> {
    let (word, number) = split(text.trim());
    let word = word.to_lowercase();
    let mut fits = names.into_iter().filter(|name| {
        let (kind, its) = split(name);
        !word.is_empty() && its == number && kind.to_lowercase().starts_with(&word)
    });
    let found = fits.next()?;
    fits.next().is_none().then_some(found)
}

/// The interface that was probably meant.
pub(crate) fn nearest_interface(text: &str, names: &[String]) -> Option<String> {
    let (word, number) = split(text.trim());
    let lower = word.to_lowercase();
    let kinds = names.iter().map(|name| split(name).0);
    let kind = kinds.into_iter().find(|kind| kind.to_lowercase().starts_with(&lower));
    let whole = format!("{}{number}", kind.unwrap_or(word));
    diagnostic::nearest(&whole, names.iter().map(String::as_str)).map(str::to_owned)
}

/// The interfaces of a router in one line: `GigabitEthernet1 to GigabitEthernet4, Loopback0`.
pub(crate) fn summary(names: &[String]) -> String {
    let same_kind = |a: &String, b: &String| split(a).0 == split(b).0;
    let runs = names.chunk_by(same_kind).map(|run| match run {
        [first, .., last] if run.len() > 2 => format!("{first} to {last}"),
        _ => run.join(", "),
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// `Gi 0/0/1` into `Gi` and `0/0/1`.
fn split(text: &str) -> (&str, &str) {
    let letters = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (word, number) = text.split_at(letters);
    (word.trim_end(), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every form that IOS takes means one interface, or none. Method: a table.
    #[test]
    fn interfaces_are_found_in_any_form() {
        let names = ["GigabitEthernet1", "GigabitEthernet2", "Loopback1", "Tunnel1"];
        let names: Vec<String> = names.map(str::to_owned).to_vec();
        let table = [
            ("GigabitEthernet1", Some("GigabitEthernet1")),
            ("gi2", Some("GigabitEthernet2")),
            ("Gi 2", Some("GigabitEthernet2")),
            ("lo1", Some("Loopback1")),
            ("Gi9", None),
            ("1", None),
            ("", None),
            ("Gi", None),
            ("GigabitEthernet1x", None),
        ];
        for (text, want) in table {
            assert_eq!(find_interface(text, names.clone()).as_deref(), want, "{text}");
        }
        assert_eq!(nearest_interface("Gi9", &names).as_deref(), Some("GigabitEthernet1"));
    }
}
