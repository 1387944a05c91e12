//! What a file of `data/platforms` says.
//!
//! Read by [`super::Platform`]. It holds what is printed and what exists, and no behaviour.

use cli::InterfaceName;
use serde::Deserialize;
use simtime::Rng;

/// One platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Profile {
    pub(crate) role: Role,
    /// The product's number, and what a neighbour is told: `C8000V`.
    pub(crate) pid: String,
    /// The form of its serial numbers: `#` is a digit, `@` a digit or a letter.
    pub(crate) serial: String,
    /// What its file system is called: `bootflash`.
    pub(crate) flash: String,
    /// Its size in bytes.
    pub(crate) flash_bytes: u64,
    /// What is on it from the start: name, size in bytes. A name that ends in `/` is a directory.
    pub(crate) files: Vec<(String, u64)>,
    /// Configuration that is there before the startup-config is read.
    pub(crate) factory: String,
    pub(crate) software: Software,
    pub(crate) hardware: Hardware,
    pub(crate) license: License,
    ports: Vec<PortKind>,
    /// The rows of `show platform` on a router.
    #[serde(default)]
    pub(crate) slots: Vec<Slot>,
    pub(crate) inventory: Vec<Part>,
    /// The lines of its release; made when the file is read.
    #[serde(skip)]
    release: String,
}

/// What it is for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// Its ports are routed.
    Router,
    /// Its ports are switched unless they are told otherwise, and there are VLANs.
    Switch,
}

/// Its image.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Software {
    /// `17.12.4`
    pub(crate) version: String,
    /// `17.12.04`
    pub(crate) version_long: String,
    /// `Dublin`
    train: String,
    /// `Virtual XE Software`
    name: String,
    /// `X86_64_LINUX_IOSD-UNIVERSALK9-M`
    pub(crate) image: String,
    /// `fc3`
    build: String,
    compiled: String,
    /// `bootflash:packages.conf`
    pub(crate) file: String,
    pub(crate) rom: String,
    /// What booted it, where that is told.
    pub(crate) bootloader: Option<String>,
}

/// What `show version` says of the chassis.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Hardware {
    pub(crate) processor: String,
    pub(crate) memory: Vec<String>,
    /// The configuration register: `0x2102`.
    pub(crate) register: String,
    /// The value of sysObjectID (RFC 3418).
    pub(crate) object_id: String,
}

/// What it may do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct License {
    /// Entitlements: name and tag.
    pub(crate) features: Vec<(String, String)>,
}

/// Ports in a row that are alike.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PortKind {
    /// The name up to its last number.
    name: String,
    first: u32,
    last: u32,
    #[serde(default = "gigabit")]
    pub(crate) mbit: u32,
    /// What `show interfaces` calls it.
    pub(crate) hardware: String,
    pub(crate) media: String,
    /// Whether it is dead without a cable.
    #[serde(default = "yes")]
    pub(crate) cable: bool,
    /// Whether it switches by default.
    #[serde(default)]
    pub(crate) switched: bool,
}

/// A row of `show platform`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    pub(crate) slot: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) state: String,
}

/// A row of `show inventory`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) descr: String,
    pub(crate) pid: String,
    pub(crate) vid: String,
    /// As [`Profile::serial`]; `=` is the chassis's own.
    #[serde(default)]
    serial: String,
    /// The power supply that it is.
    pub(crate) supply: Option<usize>,
    /// Whether it is the module that holds the ports.
    #[serde(default)]
    module: bool,
}

/// What of a chassis is in its slots: power supplies by number, and the module of the ports.
pub(crate) struct Shelf<'a> {
    pub(crate) supply: &'a dyn Fn(usize) -> bool,
    pub(crate) module: bool,
}

fn gigabit() -> u32 {
    1000
}

fn yes() -> bool {
    true
}

impl Profile {
    /// Reads a data file, or says what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Profile, String> {
        let mut profile: Profile = toml::from_str(text).map_err(|error| error.to_string())?;
        profile.release = profile.software.release();
        let nameless = profile.ports.iter().find(|kind| kind.names().count() == 0);
        match nameless {
            Some(kind) => Err(format!("`{}` begins no interface", kind.name)),
            None => Ok(profile),
        }
    }

    /// Its ports, in the order of their MAC addresses.
    pub(crate) fn ports(&self) -> impl Iterator<Item = (InterfaceName, &PortKind)> {
        self.ports.iter().flat_map(|kind| kind.names().map(move |name| (name, kind)))
    }

    /// The first lines of `show version`, each with its newline.
    pub(crate) fn release(&self) -> &str {
        &self.release
    }

    /// The lines that follow `%SYS-5-RESTART: System restarted --`: those of the release without
    /// its first.
    pub(crate) fn banner(&self) -> &str {
        self.release.split_once('\n').map_or(&*self.release, |(_, rest)| rest).trim_end()
    }

    /// The product's number of the module that holds the ports.
    pub(crate) fn module(&self) -> &str {
        self.inventory.iter().find(|part| part.module).map_or("", |part| &part.pid)
    }

    /// The parts of this chassis that are there.
    pub(crate) fn parts(&self, shelf: &Shelf<'_>) -> impl Iterator<Item = &Part> {
        let there = |part: &&Part| {
            part.supply.is_none_or(|supply| (shelf.supply)(supply))
                && (shelf.module || !part.module)
        };
        self.inventory.iter().filter(there)
    }
}

impl Software {
    fn release(&self) -> String {
        let Software { version, version_long, train, name, image, build, compiled, .. } = self;
        format!(
            "Cisco IOS XE Software, Version {version_long}\n\
             Cisco IOS Software [{train}], {name} ({image}), \
             Version {version}, RELEASE SOFTWARE ({build})\n\
             Technical Support: http://www.cisco.com/techsupport\n\
             Copyright (c) 1986-2024 by Cisco Systems, Inc.\n\
             Compiled {compiled}\n"
        )
    }

    /// As a configuration says it: `17.12`.
    pub(crate) fn major(&self) -> &str {
        self.version.rsplit_once('.').map_or(&*self.version, |(major, _)| major)
    }
}

impl PortKind {
    fn names(&self) -> impl Iterator<Item = InterfaceName> {
        let numbers = self.first..=self.last;
        numbers.filter_map(|number| InterfaceName::parse(&format!("{}{number}", self.name)))
    }
}

impl Part {
    /// Its serial number, in a chassis with this one.
    pub(crate) fn serial(&self, chassis: &str, rng: &Rng) -> String {
        match self.serial.as_str() {
            "=" => chassis.to_owned(),
            form => draw_serial(form, &mut rng.child("part").child(&self.name)),
        }
    }
}

/// A serial number of a form: `#` is a digit, `@` a digit or a letter.
pub(crate) fn draw_serial(form: &str, rng: &mut Rng) -> String {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut serial = String::new();
    for sign in form.chars() {
        let among = match sign {
            '#' => 10,
            '@' => SIGNS.len(),
            other => {
                serial.push(other);
                continue;
            }
        };
        serial.push(char::from(SIGNS[rng.below(among as u64) as usize]));
    }
    serial
}
