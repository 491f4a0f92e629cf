//! `asklet collect` from outside: the real program, a real file, plain sockets.

mod contract;
mod cors;
mod insight;
mod kill;
mod limits;
mod once;
mod reading;
mod start;
mod stop;
mod support;
