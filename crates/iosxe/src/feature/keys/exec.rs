//! `crypto key generate rsa`, `crypto key zeroize rsa`, `show crypto key mypubkey rsa`.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, any_of, kw, opt, param};

use super::{KEYS_MAX, Pair};
use crate::command::{Command, Mode, Reply};
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

const CRYPTO: Token = kw("crypto", "Encryption module");
const KEY: Token = kw("key", "Long term key operations");
const RSA: Token = kw("rsa", "RSA keys");
const LABEL: Token = param("label", Kind::Word, "RSA keypair label");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            CRYPTO,
            KEY,
            kw("generate", "Generate new keys"),
            RSA,
            any_of(&[
                &[kw("general-keys", "Generate a general purpose RSA key pair")],
                &[kw("usage-keys", "Generate separate RSA key pairs for signing and encryption")],
                &[kw("exportable", "Allow the key to be exported")],
                &[kw("label", "Provide a label"), LABEL],
                &[
                    kw("modulus", "Provide number of modulus bits on the command line"),
                    param("bits", Kind::Integer { min: 512, max: 4096 }, "size of the key modulus"),
                ],
            ]),
        ],
        no: No::Without,
        run: generate,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[CRYPTO, KEY, kw("zeroize", "Remove keys"), RSA, opt(&[LABEL])],
        no: No::Without,
        run: zeroize,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            CRYPTO,
            KEY,
            kw("mypubkey", "Show public keys associated with this router"),
            RSA,
            opt(&[LABEL]),
        ],
        no: No::Without,
        run: show,
    },
];

const ASK_BITS: &str = "\
Choose the size of the key modulus in the range of 512 to 4096 for your
  General Purpose Keys. Choosing a key modulus greater than 512 may take
  a few minutes.

How many bits in the modulus [1024]: ";

const BITS_DEFAULT: u64 = 1024;

/// The dialogue keeps label, bits (0: not known yet) and whether the key may be exported.
fn generate(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let label = match args.text("label") {
        Some(label) => label.to_owned(),
        None => match turn.state.system.domain() {
            Some(domain) => format!("{}.{domain}", turn.state.system.hostname()),
            None => return Reply::Refused("% Please define a domain-name first.\n".into()),
        },
    };
    let bits = args.number("bits").unwrap_or(0);
    let exportable = args.has("exportable");
    session.draft = format!("{label} {bits} {exportable}");
    if !turn.state.keys.0.contains_key(&label) {
        return choose_bits(turn, session);
    }
    let question = format!(
        "% You already have RSA keys defined named {label}.\n\
         % Do you really want to replace them? [yes/no]: "
    );
    Reply::Ask { question, echo: true, then: replace }
}

fn replace(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let answer = answer.trim().to_ascii_lowercase();
    if !answer.is_empty() && "yes".starts_with(answer.as_str()) {
        return choose_bits(turn, session);
    }
    Reply::Done
}

fn choose_bits(turn: &mut Turn<'_>, session: &mut Session) -> Reply {
    let (label, bits, exportable) = drafted(session);
    let name = format!("The name for the keys will be: {label}\n");
    if bits == 0 {
        return Reply::Ask { question: name + ASK_BITS, echo: true, then: bits_given };
    }
    make(turn, &name, &label, bits, exportable)
}

fn bits_given(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let (label, _, exportable) = drafted(session);
    let bits = match answer.trim() {
        "" => Some(BITS_DEFAULT),
        bits => bits.parse().ok().filter(|bits| (512..=4096).contains(bits)),
    };
    match bits {
        Some(bits) => make(turn, "", &label, bits, exportable),
        None => {
            let question = format!("% A decimal number between 512 and 4096.\n{ASK_BITS}");
            Reply::Ask { question, echo: true, then: bits_given }
        }
    }
}

fn drafted(session: &Session) -> (String, u64, bool) {
    let mut words = session.draft.rsplitn(3, ' ');
    let exportable = words.next() == Some("true");
    let bits = words.next().and_then(|bits| bits.parse().ok()).unwrap_or(0);
    (words.next().unwrap_or_default().to_owned(), bits, exportable)
}

fn make(turn: &mut Turn<'_>, said: &str, label: &str, bits: u64, exportable: bool) -> Reply {
    let keys = &mut turn.state.keys.0;
    if keys.len() >= KEYS_MAX && !keys.contains_key(label) {
        return Reply::Refused("% Maximum number of RSA key pairs reached\n".into());
    }
    let first = keys.is_empty();
    keys.insert(label.to_owned(), Pair { bits, exportable, made: turn.now });
    let words = if exportable { "exportable" } else { "non-exportable" };
    let text = format!("A key named {label} has been generated or imported by crypto-engine");
    turn.log(Message::new("CRYPTO_ENGINE", 5, "KEY_ADDITION", text));
    if first {
        turn.log(Message::new("SSH", 5, "ENABLED", "SSH 2.0 has been enabled"));
    }
    Reply::Text(format!(
        "{said}\n% The key modulus size is {bits} bits\n\
         % Generating {bits} bit RSA keys, keys will be {words}...\n\
         [OK] (elapsed time was 1 seconds)\n\n"
    ))
}

fn zeroize(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let keys = &turn.state.keys.0;
    if keys.is_empty() {
        return Reply::Refused("% No Signature RSA Keys found in configuration.\n\n".into());
    }
    let named = match args.text("label") {
        Some(label) if !keys.contains_key(label) => {
            return Reply::Refused(format!("% RSA keypair '{label}' not found.\n"));
        }
        Some(label) => format!("named '{label}'"),
        None => String::new(),
    };
    session.draft = args.text("label").unwrap_or_default().to_owned();
    let question = match named.is_empty() {
        true => "% All keys will be removed.\n".to_owned(),
        false => format!("% Keys to be removed are {named}.\n"),
    } + "% All router certs issued using these keys will also be removed.\n\
         Do you really want to remove these keys? [yes/no]: ";
    Reply::Ask { question, echo: true, then: removed }
}

fn removed(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let answer = answer.trim().to_ascii_lowercase();
    if answer.is_empty() || !"yes".starts_with(answer.as_str()) {
        return Reply::Done;
    }
    let label = session.draft.clone();
    let keys = &mut turn.state.keys.0;
    let gone: Vec<String> =
        keys.keys().filter(|name| label.is_empty() || **name == label).cloned().collect();
    keys.retain(|name, _| !gone.contains(name));
    for name in gone {
        let text = format!("A key named {name} has been removed from key storage");
        turn.log(Message::new("CRYPTO_ENGINE", 5, "KEY_DELETED", text));
    }
    Reply::Done
}

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mut text = String::new();
    let wanted = |name: &str| args.text("label").is_none_or(|label| label == name);
    for (name, pair) in turn.state.keys.0.iter().filter(|(name, _)| wanted(name)) {
        let made = turn.state.clock.describe(pair.made);
        let not = if pair.exportable { "" } else { "not " };
        let _ = write!(
            text,
            "% Key pair was generated at: {made}\nKey name: {name}\nKey type: RSA KEYS {} bits\n \
             Storage Device: private-config\n Usage: General Purpose Key\n \
             Key is {not}exportable. Redundancy enabled.\n",
            pair.bits
        );
    }
    Reply::Text(text)
}
