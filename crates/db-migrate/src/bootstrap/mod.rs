//! `bootstrap`: creates what is missing, and never changes what is there.
//!
//! Every step asks before it creates and takes "exists already" for an answer, so that two may run at once and a
//! second run does nothing. At the end the application's own login is proven in each database.

mod place;
mod verifier;

use preflight::postgres::Login;
use preflight::{Check, ConfigError, Env, Finding, ProbeFuture};

use crate::settings::{self, Role};
use place::Place;

/// Everything that should be there.
pub struct Wishes {
    places: Vec<Place>,
    warnings: Vec<String>,
}

impl Wishes {
    /// Dify's database, the plugin daemon's, and the vector store's if that is PostgreSQL.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let main = settings::application(env, "bootstrap")?;
        let admin = admin(env)?;
        let warnings = main.warnings.clone();
        let mut places = vec![Place::new(main.clone(), admin.clone(), &["uuid-ossp"])];
        let plugin = env.text_or("DB_PLUGIN_DATABASE", "dify_plugin")?;
        if !plugin.is_empty() {
            let mut login = Login { database: plugin, ..main.clone() };
            login.keys.database = "DB_PLUGIN_DATABASE";
            places.push(Place::new(login, admin.clone(), &["uuid-ossp"]));
        }
        if env.text_or("VECTOR_STORE", "")?.eq_ignore_ascii_case("pgvector") {
            let vector = settings::pgvector(env, "bootstrap")?;
            // The administrator is one of the main server; another server has only its own login.
            let admin = admin.filter(|_| vector.address == main.address);
            places.push(Place::new(vector, admin, &["vector"]));
        }
        Ok(Self { places, warnings })
    }
}

fn admin(env: &Env) -> Result<Option<Role>, ConfigError> {
    let (user_key, password_key) = ("PREFLIGHT_ADMIN_DB_USERNAME", "PREFLIGHT_ADMIN_DB_PASSWORD");
    let password = env.secret(password_key)?;
    match env.text(user_key)?.filter(|user| !user.is_empty()) {
        Some(user) => Ok(Some(Role { user, password, user_key, password_key })),
        None if password.is_some() => {
            Err(ConfigError::new(user_key, format!("is not set, but {password_key} is")))
        }
        None => Ok(None),
    }
}

/// Tries to bring it all about; again and again while the server is on its way.
pub struct BootstrapCheck {
    wishes: Wishes,
    made: Vec<String>,
}

impl BootstrapCheck {
    /// A check that creates.
    #[must_use]
    pub fn new(wishes: Wishes) -> Self {
        Self { wishes, made: Vec::new() }
    }

    async fn bring_about(&mut self) -> Result<Finding, Finding> {
        for place in &self.wishes.places {
            place.bring_about(&mut self.made).await?;
        }
        let mut names: Vec<&str> =
            self.wishes.places.iter().map(|place| place.login.database.as_str()).collect();
        names.dedup();
        let made = if self.made.is_empty() {
            "nothing was missing".to_owned()
        } else {
            format!("created {}", self.made.join(", "))
        };
        Ok(Finding::ready(format!("databases {} are ready; {made}", names.join(", "))))
    }
}

impl Check for BootstrapCheck {
    fn name(&self) -> &'static str {
        ""
    }

    fn target(&self) -> String {
        self.wishes.places.first().map(|place| place.login.address.to_string()).unwrap_or_default()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async {
            let mut finding = self.bring_about().await.unwrap_or_else(|finding| finding);
            finding.warnings.extend(self.wishes.warnings.iter().cloned());
            finding
        })
    }
}
