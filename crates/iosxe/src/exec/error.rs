//! The three refusals of the parser, and the one for a word that EXEC does not know
//! (iosxe-cli.md, section 2).

/// The caret line, the marker, an empty line. `column` counts bytes of `line`.
pub(super) fn invalid(prompt: &str, line: &str, column: usize) -> String {
    let before = line.get(..column).unwrap_or(line).chars().count();
    let blanks = " ".repeat(prompt.chars().count() + before);
    format!("{blanks}^\n% Invalid input detected at '^' marker.\n\n")
}

/// What IOS says to a bare `show`.
pub(super) const BARE_SHOW: &str = "% Type \"show ?\" for a list of subcommands\n";

/// `% Incomplete command.`, an empty line.
pub(super) fn incomplete() -> String {
    "% Incomplete command.\n\n".to_owned()
}

/// `% Ambiguous command:`, two blanks, the line as typed.
pub(super) fn ambiguous(line: &str) -> String {
    format!("% Ambiguous command:  \"{line}\"\n")
}

/// One word that no command begins with could be a host to connect to: EXEC says that it is none,
/// after asking for its address if `ip domain lookup` is on. Here no name server ever answers, and
/// the router does not wait for one: clients try foreign commands and expect a quick refusal.
pub(super) const UNKNOWN_HOST: &str = "% Bad IP address or host name\n\
    % Unknown command or computer name, or unable to find computer address\n";

/// It is a host, or an address: but nobody here takes a connection of telnet.
pub(super) fn no_connection(word: &str, to: std::net::IpAddr) -> String {
    let named = if word.parse() == Ok(to) { to.to_string() } else { format!("{word} ({to})") };
    format!("Trying {named} ... \n% Connection refused by remote host\n\n")
}
