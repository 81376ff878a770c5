//! One database of MySQL's family, with its user and its rights: created where missing, never changed where there.

use preflight::mysql::{Fault, Login, Session};
use preflight::{Finding, Hop};

use super::{facts, quote};
use crate::settings::Role;

/// What should be there.
pub struct Place {
    /// The application's login and database.
    pub login: Login,
    /// Who may create; the application itself if nobody else is named.
    admin: Option<Role>,
}

impl Place {
    /// A database that is to be made by `admin`, or by the application itself.
    #[must_use]
    pub fn new(login: Login, admin: Option<Role>) -> Self {
        let admin = admin.filter(|admin| admin.user != login.user);
        Self { login, admin }
    }

    /// Makes what is missing and proves the application's own login.
    pub(crate) async fn bring_about(&self, made: &mut Vec<String>) -> Result<(), Finding> {
        let mut creator = self.creator();
        let result = self.make(&mut creator, made).await;
        creator.close().await;
        result?;
        let mut application = Session::new(self.login.clone());
        let refusal = match facts::read(&mut application).await {
            Ok(server) => facts::refusal(&server, &application, true),
            Err(refusal) => Some(refusal),
        };
        application.close().await;
        refusal.map_or(Ok(()), Err)
    }

    async fn make(&self, creator: &mut Session, made: &mut Vec<String>) -> Result<(), Finding> {
        // Whatever is set at the server, a backslash is one in a text from here on.
        creator.ask("SET SESSION sql_mode = ''").await?;
        let account = match &self.admin {
            Some(_) => Some(self.user(creator, made).await?),
            None => None,
        };
        self.database(creator, made).await?;
        match account {
            Some(account) => self.rights(creator, &account, made).await,
            None => Ok(()),
        }
    }

    /// Who creates, in no database.
    fn creator(&self) -> Session {
        let mut login = Login { database: String::new(), ..self.login.clone() };
        if let Some(admin) = &self.admin {
            login.user.clone_from(&admin.user);
            login.password.clone_from(&admin.password);
            login.keys.user = admin.user_key;
            login.keys.password = admin.password_key;
        }
        Session::new(login)
    }

    /// The application's account, as the server names it, made if it is not there.
    async fn user(&self, creator: &mut Session, made: &mut Vec<String>) -> Result<String, Finding> {
        let fault = match self.account().await {
            Ok(account) => return Ok(account),
            Err(fault) => fault,
        };
        if fault.code != Some(1045) {
            return Err(fault.finding);
        }
        let user = self.login.user.split('@').next().unwrap_or_default();
        let password = self.login.password.as_ref().map_or("", |password| password.reveal());
        let account = format!("{}@'%'", quote::name(user));
        let sql = format!("CREATE USER {account} IDENTIFIED BY {}", quote::literal(password));
        match creator.try_ask(&sql).await {
            Ok(_) => {
                made.push(format!("user {user}"));
                Ok(account)
            }
            // It is there, so its password is another one; unless somebody made it just now.
            Err(exists) if exists.code == Some(1396) => self.account().await.map_err(|fault| fault.finding),
            Err(refusal) => Err(self.refused(&format!("user {user}"), refusal)),
        }
    }

    /// The account that the application's login is let in as.
    async fn account(&self) -> Result<String, Fault> {
        let mut session = Session::new(Login { database: String::new(), ..self.login.clone() });
        let answer = session.try_ask("SELECT CURRENT_USER()").await;
        session.close().await;
        let account = answer?.into_iter().flatten().next().flatten().unwrap_or_default();
        let (user, host) = account.rsplit_once('@').unwrap_or((&account, "%"));
        Ok(format!("{}@{}", quote::name(user), quote::name(host)))
    }

    async fn database(&self, creator: &mut Session, made: &mut Vec<String>) -> Result<(), Finding> {
        let database = &self.login.database;
        let exists = format!(
            "SELECT 1 FROM information_schema.SCHEMATA WHERE schema_name = {}",
            quote::text(database)
        );
        if !creator.ask(&exists).await?.is_empty() {
            return Ok(());
        }
        let sql = format!("CREATE DATABASE {} CHARACTER SET utf8mb4", quote::name(database));
        match creator.try_ask(&sql).await {
            Ok(_) => {
                made.push(format!("database {database}"));
                Ok(())
            }
            Err(exists) if exists.code == Some(1007) => Ok(()),
            Err(refusal) => Err(self.refused(&format!("database {database}"), refusal)),
        }
    }

    /// What the application lacks in its database.
    async fn rights(
        &self,
        creator: &mut Session,
        account: &str,
        made: &mut Vec<String>,
    ) -> Result<(), Finding> {
        let mut application = Session::new(self.login.clone());
        let lacks = match application.try_ask("SELECT 1").await {
            Ok(_) => !facts::read(&mut application).await?.mysql.missing.is_empty(),
            Err(fault) if fault.code == Some(1044) => true,
            Err(fault) => return Err(fault.finding),
        };
        application.close().await;
        if !lacks {
            return Ok(());
        }
        let database = &self.login.database;
        let sql = format!("GRANT ALL PRIVILEGES ON {}.* TO {account}", quote::pattern(database));
        let what = format!("privileges on {database}");
        creator.try_ask(&sql).await.map_err(|refusal| self.refused(&what, refusal))?;
        made.push(what);
        Ok(())
    }

    fn refused(&self, what: &str, refusal: Fault) -> Finding {
        if !matches!(refusal.code, Some(1044 | 1045 | 1142 | 1227 | 1410)) {
            return refusal.finding;
        }
        let (user, hint) = match &self.admin {
            Some(admin) => (
                &admin.user,
                format!("give {} the privilege, or let another administrator create the {what}", admin.user_key),
            ),
            None => (
                &self.login.user,
                "give an administrator's login in PREFLIGHT_ADMIN_DB_USERNAME and PREFLIGHT_ADMIN_DB_PASSWORD, or let one create it"
                    .to_owned(),
            ),
        };
        Finding {
            hop: Hop::Permission,
            message: format!("user {user:?} may not create {what} at {}", self.login.address),
            ..refusal.finding
        }
        .hint(hint)
    }
}
