//! Routers from the outside: inputs in, outputs out, nothing else.

mod discovery;
mod driver;

mod archive;
mod banner;
mod cli_dialogues;
mod cli_events;
mod clock;
mod commands;
mod config;
mod corpus;
mod course;
mod eem;
mod eem_reload;
mod eem_session;
mod environment;
mod flash;
mod happenings;
mod inert;
mod interface;
mod ipv6;
mod logging;
mod messages;
mod ping;
mod platform;
mod readings;
mod reference;
mod roundtrip;
mod route;
mod routing;
mod sla;
mod system;
mod terminal;
mod track;
mod vrf;
mod webhooks;
