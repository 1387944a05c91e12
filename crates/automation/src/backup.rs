//! Backups of configurations: what of one lasts, and how it differs from the last that was kept.
//!
//! A backup differs from the last one when the device's configuration does, and for no other
//! reason.

mod difference;

pub use difference::{difference, file_name};

/// How lines begin that say when, by whom, or how large: of the look and not of the configuration.
const PASSING: [&str; 8] = [
    "Building configuration",
    "Current configuration :",
    "Using ",
    "! Last configuration change at",
    "! NVRAM config last updated at",
    "! No configuration change since",
    "!Time:",
    "ntp clock-period ",
];

/// A running-config without what another look at the same configuration would show otherwise.
pub(crate) fn lasting(text: &str) -> String {
    let lasts = |line: &&str| !PASSING.iter().any(|passing| line.starts_with(passing));
    let lines = text.lines().map(str::trim_end).filter(lasts);
    let lines: Vec<&str> = lines.skip_while(|line| line.is_empty()).collect();
    let mut whole = lines.join("\n");
    whole.truncate(whole.trim_end().len());
    whole.push('\n');
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: two looks at one configuration give one text. Method: the lines that IOS adds.
    #[test]
    fn looks_are_the_same() {
        let look = |time: &str, bytes: u32| {
            format!(
                "Building configuration...\r\n\r\nCurrent configuration : {bytes} bytes\r\n!\r\n\
                 ! Last configuration change at {time} UTC Thu Jan 1 2026 by admin\r\n!\r\n\
                 hostname R1\r\n!\r\nend\r\n\r\n"
            )
        };
        let lasts = lasting(&look("00:00:01", 900));
        assert_eq!(lasts, lasting(&look("07:30:00", 901)));
        assert_eq!(lasts, "!\n!\nhostname R1\n!\nend\n");
    }
}
