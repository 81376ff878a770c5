//! Measures the budgets.

fn main() {}
