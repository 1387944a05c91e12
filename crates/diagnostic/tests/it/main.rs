//! Tests of the public face: files with mistakes, and what people and programs are shown.

mod laws;
mod render;
