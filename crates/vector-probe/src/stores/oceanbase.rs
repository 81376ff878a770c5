//! `OceanBase`, and its single-node sibling seekdb: MySQL's protocol with vectors.

use preflight::mysql::{Keys, Login, Session, Tls};
use preflight::{ConfigError, Env, Finding, Hop};

use super::mysqlwire::{self, Product, dotted};
use super::store::Store;

const PRODUCT: Product = Product {
    title: "OceanBase",
    keys: Keys {
        host: "OCEANBASE_VECTOR_HOST",
        user: "OCEANBASE_VECTOR_USER",
        password: "OCEANBASE_VECTOR_PASSWORD",
        database: "OCEANBASE_VECTOR_DATABASE",
    },
    port: ("OCEANBASE_VECTOR_PORT", 2881),
    defaults: ["", "", "", ""],
    wants_password: false,
    in_url: false,
};

/// The oldest version that Dify's client library takes, and the oldest that has vectors and full text in one table.
const OLDEST: [u32; 3] = [4, 3, 3];
const OLDEST_HYBRID: [u32; 4] = [4, 3, 5, 1];

const PARSERS: [&str; 7] = ["ik", "ngram", "beng", "space", "ngram2", "japanese_ftparser", "thai_ftparser"];
const PARAMETER: &str = "ob_vector_memory_limit_percentage";

/// Looks at one database.
pub(super) struct OceanBase {
    /// `oceanbase` or `seekdb`: to Dify both are the same.
    name: &'static str,
    session: Session,
    is_hybrid: bool,
}

impl OceanBase {
    pub(super) fn new(env: &Env, name: &'static str) -> Result<Self, ConfigError> {
        let login = mysqlwire::login(env, &PRODUCT, Tls::default())?;
        let is_hybrid = env.boolean("OCEANBASE_ENABLE_HYBRID_SEARCH", false)?;
        if is_hybrid {
            env.one_of("OCEANBASE_FULLTEXT_PARSER", "ik", &PARSERS)?;
        }
        Ok(Self { name, session: Session::new(login), is_hybrid })
    }

    /// The version, if Dify can use it, and what it cannot use of it.
    async fn version(&mut self) -> Result<(String, Option<String>), Finding> {
        let text = mysqlwire::ask(&mut self.session, PRODUCT.title, "SELECT version()").await?;
        let login = self.session.login();
        if !text.contains("OceanBase") {
            return Err(mysqlwire::stranger(login, PRODUCT.title, &text));
        }
        let shown = text.split_once("OceanBase").map_or(text.as_str(), |(_, rest)| rest);
        let shown = format!(
            "OceanBase{}",
            shown.replace("-v", " ").replace("seekdb ", " seekdb ").replace("  ", " ")
        );
        let is_seekdb = text.contains("seekdb");
        let numbers = mysqlwire::numbers(&text, "-v").filter(|_| !is_seekdb);
        let older = |than: &[u32]| numbers.as_ref().is_some_and(|numbers| numbers.as_slice() < than);
        if older(&OLDEST) {
            let message = format!("{shown} at {} has no vectors", login.address);
            return Err(Finding::suspect(Hop::State, message)
                .hint(format!("Dify's client library needs OceanBase {} or newer", dotted(&OLDEST))));
        }
        let warning = (self.is_hybrid && older(&OLDEST_HYBRID)).then(|| {
            format!(
                "{shown} is older than {}: Dify leaves out hybrid search, although OCEANBASE_ENABLE_HYBRID_SEARCH is true",
                dotted(&OLDEST_HYBRID)
            )
        });
        Ok((shown, warning))
    }

    /// Dify reads this parameter before it creates a table, and sets it where it is 0.
    async fn memory(&mut self) -> Result<(), Finding> {
        let rows = self.session.ask(&format!("SHOW PARAMETERS LIKE '%{PARAMETER}%'")).await;
        let rows = rows.map_err(|finding| mysqlwire::words(finding, self.session.login(), PRODUCT.title))?;
        // Dify takes the seventh column for the value, whatever it is.
        let values: Vec<String> =
            rows.iter().map(|row| row.get(6).cloned().flatten().unwrap_or_default()).collect();
        match judge(&values, self.session.login()) {
            Memory::Fine => Ok(()),
            Memory::Unreadable(finding) => Err(finding),
            Memory::Zero => self.alter_system().await,
        }
    }

    /// Whether the user may do what Dify does then.
    async fn alter_system(&mut self) -> Result<(), Finding> {
        let rows = self.session.ask("SHOW GRANTS").await;
        let login = self.session.login();
        let rows = rows.map_err(|finding| mysqlwire::words(finding, login, PRODUCT.title))?;
        let may = rows.into_iter().flatten().flatten().any(|grant| allows(&grant));
        if may {
            return Ok(());
        }
        let (user, at) = (&login.user, login.target());
        let message =
            format!("{PARAMETER} is 0 at {at}, and user {user:?} may not set it, as Dify will try to");
        Err(Finding::suspect(Hop::Permission, message)
            .code("1227")
            .hint(format!("execute as an administrator: ALTER SYSTEM SET {PARAMETER} = 30")))
    }
}

enum Memory {
    Fine,
    Zero,
    Unreadable(Finding),
}

fn judge(values: &[String], login: &Login) -> Memory {
    let at = &login.address;
    if values.is_empty() {
        let message = format!("{at} has no parameter {PARAMETER}, without which Dify creates no table");
        let finding = Finding::suspect(Hop::State, message);
        return Memory::Unreadable(finding.hint("use OceanBase 4.3.3 or newer, in MySQL mode"));
    }
    let numbers: Vec<_> = values.iter().map(|value| value.trim().parse::<i64>()).collect();
    if let Some(at_fault) = numbers.iter().position(Result::is_err) {
        let found = values.get(at_fault).map_or("", String::as_str);
        let message = format!(
            "Dify cannot read {PARAMETER} at {at}: where it looks for the number, SHOW PARAMETERS says {found:?}"
        );
        return Memory::Unreadable(Finding::suspect(Hop::State, message).hint(
            "Dify can create no table here, as at seekdb 1.2, 1.3 and 1.4, which leave out two columns: use OceanBase 4.3.5",
        ));
    }
    if numbers.iter().any(|number| number == &Ok(0)) { Memory::Zero } else { Memory::Fine }
}

/// Whether a line of SHOW GRANTS lets a user set parameters.
fn allows(grant: &str) -> bool {
    let Some((rights, rest)) = grant.strip_prefix("GRANT ").unwrap_or(grant).split_once(" ON ") else {
        return false;
    };
    let everywhere = rest.starts_with("*.*");
    everywhere && ["ALL PRIVILEGES", "ALTER SYSTEM", "SUPER"].iter().any(|right| rights.contains(right))
}

impl Store for OceanBase {
    fn target(&self) -> String {
        format!("{} {}", self.name, self.session.login().target())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let title = PRODUCT.title;
        let (version, warning) = self.version().await?;
        let unsure = mysqlwire::may_create(&mut self.session, title).await?;
        if !mysqlwire::has(&mut self.session, title, "l2_distance('[1,2]', '[2,3]')").await? {
            let message = format!("{version} at {} has no vector functions", self.session.login().address);
            return Err(Finding::suspect(Hop::State, message)
                .code("1305")
                .hint("use OceanBase 4.3.3 or newer, in MySQL mode"));
        }
        self.memory().await?;
        let at = self.session.login().target();
        let mut ready = Finding::ready(format!("{version} at {at} has vectors and takes tables"));
        ready.warnings.extend(warning);
        ready.warnings.extend(unsure);
        self.session.close().await;
        Ok(ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_grant_for_everything_lets_parameters_be_set() {
        for (grant, may) in [
            ("GRANT ALL PRIVILEGES ON *.* TO 'root' WITH GRANT OPTION", true),
            ("GRANT ALTER SYSTEM ON *.* TO 'dify'", true),
            ("GRANT ALL PRIVILEGES ON `dify`.* TO 'dify'", false),
            ("GRANT USAGE ON *.* TO 'dify'", false),
            ("", false),
        ] {
            assert_eq!(allows(grant), may, "{grant}");
        }
    }

    #[test]
    fn a_parser_that_dify_does_not_know_is_refused_where_it_is_used() {
        let env = |hybrid| {
            Env::of([
                ("OCEANBASE_VECTOR_HOST", "ob"),
                ("OCEANBASE_VECTOR_USER", "root@test"),
                ("OCEANBASE_VECTOR_DATABASE", "dify"),
                ("OCEANBASE_ENABLE_HYBRID_SEARCH", hybrid),
                ("OCEANBASE_FULLTEXT_PARSER", "mecab"),
            ])
        };
        assert_eq!(OceanBase::new(&env("true"), "seekdb").err().unwrap().key, "OCEANBASE_FULLTEXT_PARSER");
        assert_eq!(OceanBase::new(&env("false"), "seekdb").unwrap().target(), "seekdb ob:2881/dify");
    }
}
