//! Which pods cannot keep to Kubernetes' restricted profile, and why.

/// The components whose images cannot: the name, and what keeps them from it. All others must.
pub const UNRESTRICTED: &[(&str, &str)] = &[
    ("sandbox", "it changes root, user and system call filter for each piece of code, which root alone may"),
    ("plugin-daemon", "its image knows no other user than root, whose folders it installs plugins into"),
];

/// Why the pods of this component cannot keep to the restricted profile, if they cannot.
#[must_use]
pub fn unrestricted(component: &str) -> Option<&'static str> {
    UNRESTRICTED.iter().find(|(name, _)| *name == component).map(|(_, reason)| *reason)
}
