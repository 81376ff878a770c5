//! `bootstrap`: creates what is missing, and never changes what is there.
//!
//! Every step asks before it creates and takes "exists already" for an answer, so that two may run at once and a
//! second run does nothing. At the end the application's own login is proven in each database.

mod place;
mod verifier;

use preflight::postgres::Login;
use preflight::{Address, Check, ConfigError, Env, Finding, ProbeFuture};

use crate::mysql;
use crate::settings::{self, Role};
use place::Place;

/// Everything that should be there.
pub struct Wishes {
    places: Vec<Wish>,
    warnings: Vec<String>,
}

/// A database at either kind of server.
enum Wish {
    Postgres(Place),
    Mysql(mysql::bootstrap::Place),
}

impl Wish {
    async fn bring_about(&self, made: &mut Vec<String>) -> Result<(), Finding> {
        match self {
            Self::Postgres(place) => place.bring_about(made).await,
            Self::Mysql(place) => place.bring_about(made).await,
        }
    }

    fn database(&self) -> &str {
        match self {
            Self::Postgres(place) => &place.login.database,
            Self::Mysql(place) => &place.login.database,
        }
    }

    fn address(&self) -> &Address {
        match self {
            Self::Postgres(place) => &place.login.address,
            Self::Mysql(place) => &place.login.address,
        }
    }
}

impl Wishes {
    /// Dify's database, the plugin daemon's, and the vector store's if that is PostgreSQL.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let admin = admin(env)?;
        let plugin = env.text_or("DB_PLUGIN_DATABASE", "dify_plugin")?;
        let plugin = Some(plugin).filter(|plugin| !plugin.is_empty());
        let (mut places, warnings) = if mysql::settings::is_meant(env)? {
            in_mysql(mysql::settings::application(env)?, admin.as_ref(), plugin)
        } else {
            in_postgres(settings::application(env, "bootstrap")?, admin.as_ref(), plugin)
        };
        if env.text_or("VECTOR_STORE", "")?.eq_ignore_ascii_case("pgvector") {
            let vector = settings::pgvector(env, "bootstrap")?;
            // The administrator is one of the main server; another server has only its own login.
            let admin = admin.filter(|_| places.iter().any(|place| place.address() == &vector.address));
            places.push(Wish::Postgres(Place::new(vector, admin, &["vector"])));
        }
        Ok(Self { places, warnings })
    }
}

/// Dify's database and the plugin daemon's, at PostgreSQL.
fn in_postgres(main: Login, admin: Option<&Role>, plugin: Option<String>) -> (Vec<Wish>, Vec<String>) {
    let warnings = main.warnings.clone();
    let plugin = plugin.map(|database| {
        let mut login = Login { database, ..main.clone() };
        login.keys.database = "DB_PLUGIN_DATABASE";
        login
    });
    let logins = [main].into_iter().chain(plugin);
    let places = logins.map(|login| Wish::Postgres(Place::new(login, admin.cloned(), &["uuid-ossp"])));
    (places.collect(), warnings)
}

/// The same at MySQL.
fn in_mysql(
    main: preflight::mysql::Login,
    admin: Option<&Role>,
    plugin: Option<String>,
) -> (Vec<Wish>, Vec<String>) {
    let warnings = main.warnings.clone();
    let plugin = plugin.map(|database| {
        let mut login = preflight::mysql::Login { database, ..main.clone() };
        login.keys.database = "DB_PLUGIN_DATABASE";
        login
    });
    let logins = [main].into_iter().chain(plugin);
    let places = logins.map(|login| Wish::Mysql(mysql::bootstrap::Place::new(login, admin.cloned())));
    (places.collect(), warnings)
}

fn admin(env: &Env) -> Result<Option<Role>, ConfigError> {
    let (user_key, password_key) = ("PREFLIGHT_ADMIN_DB_USERNAME", "PREFLIGHT_ADMIN_DB_PASSWORD");
    let password = env.secret(password_key)?;
    match env.text(user_key)?.filter(|user| !user.is_empty()) {
        Some(user) => Ok(Some(Role { user, password, user_key, password_key })),
        None if password.is_some() => {
            Err(ConfigError::new(user_key, format!("is not set, but {password_key} is"))
                .hint(format!("name the administrator, or unset {password_key}")))
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
        let mut names: Vec<&str> = self.wishes.places.iter().map(Wish::database).collect();
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
        self.wishes.places.first().map(|place| place.address().to_string()).unwrap_or_default()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async {
            let mut finding = self.bring_about().await.unwrap_or_else(|finding| finding);
            finding.warnings.extend(self.wishes.warnings.iter().cloned());
            finding
        })
    }
}
