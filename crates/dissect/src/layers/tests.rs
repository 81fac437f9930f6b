//! Packets made by hand, taken apart.
