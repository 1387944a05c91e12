//! The command-line engine through its public doors: lines, `?`, TAB, keys, pages.

mod commands;
mod editor;
mod help;
mod pager;
mod parser;
mod properties;
