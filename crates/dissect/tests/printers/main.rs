//! Printers on packets made here: whole, cut short after every byte, and in contradiction with themselves.

mod core;
mod links;
mod made;
mod routing;
mod services;
