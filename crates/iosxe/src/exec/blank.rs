//! Lines without their secrets, for facts.

/// The words after which IOS takes a secret, perhaps after a number that says how it is encoded.
const SECRET_WORDS: [&str; 5] = ["community", "key", "key-string", "password", "secret"];

/// The options of `curl` and the ends of header names after which a credential stands. An applet
/// sends them with `guestshell run curl`.
const CURL_OPTIONS: [&str; 2] = ["-u", "--user"];
const CURL_HEADERS: [&str; 3] = ["authorization:", "key:", "token:"];

/// Replaces what follows a word of [`SECRET_WORDS`], or the beginning of one of at least three
/// letters, by `****`. It works on any line, so that a mistyped command tells no secret either.
pub(super) fn blank_secrets(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        let length = rest[start..].find(char::is_whitespace).unwrap_or(rest.len() - start);
        let (word, after) = rest[start..].split_at(length);
        out.push_str(&rest[..start]);
        out.push_str(word);
        rest = after;
        if is_secret_word(word) && !rest.trim().is_empty() {
            return out + " " + &blanked(rest.trim());
        }
    }
    out + rest
}

/// `9 $9$abc` to `9 ****`: everything but the number in front.
fn blanked(value: &str) -> String {
    match value.split_once(char::is_whitespace) {
        Some((digit, _)) if digit.bytes().all(|b| b.is_ascii_digit()) => format!("{digit} ****"),
        Some(_) | None => "****".to_owned(),
    }
}

fn is_secret_word(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let is_header = CURL_HEADERS.iter().any(|end| word.ends_with(end));
    if is_header || CURL_OPTIONS.contains(&word.as_str()) {
        return true;
    }
    word.len() >= 3 && SECRET_WORDS.iter().any(|secret| secret.starts_with(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: no secret survives, nothing else is lost. Method: a table.
    #[test]
    fn secrets_are_blanked() {
        let table = [
            ("show ip  interface brief", "show ip  interface brief"),
            ("username admin secret hunter2", "username admin secret ****"),
            ("username admin privilege 15 sec 0 hunter2", "username admin privilege 15 sec 0 ****"),
            ("usrname admin password 7 0822455D0A16", "usrname admin password 7 ****"),
            ("enable secret a b", "enable secret ****"),
            ("snmp-server community public RO", "snmp-server community ****"),
            ("key 7", "key ****"),
            ("username admin secret", "username admin secret"),
            ("guestshell run curl -u admin:pw h", "guestshell run curl -u ****"),
            ("curl -H 'Authorization: Bearer t' h", "curl -H 'Authorization: ****"),
            ("curl -H \"X-Auth-Token: t\" h", "curl -H \"X-Auth-Token: ****"),
            ("", ""),
        ];
        for (line, want) in table {
            assert_eq!(blank_secrets(line), want, "{line}");
        }
    }
}
