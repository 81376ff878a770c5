//! Every variable that is read, by topic; the docs are made from it.

use preflight::Variable;

/// What `storage-bootstrap` reads.
pub const VARIABLES: &[Variable] = &[
    // Which store.
    Variable::plain("STORAGE_TYPE", "opendal", "The kind of the api's store"),
    Variable::plain("OPENDAL_SCHEME", "fs", "The kind of store with STORAGE_TYPE=opendal"),
    Variable::plain("PLUGIN_STORAGE_TYPE", "local", "The kind of the plugin daemon's store"),
    Variable::plain(
        "PLUGIN_STORAGE_OSS_BUCKET",
        "",
        "The plugin daemon's bucket, whatever the kind of store",
    ),
    // Folders.
    Variable::plain("OPENDAL_FS_ROOT", "storage", "The api's folder; a relative one is below /app/api"),
    Variable::plain("STORAGE_LOCAL_PATH", "storage", "The same with STORAGE_TYPE=local"),
    Variable::plain("PLUGIN_STORAGE_LOCAL_ROOT", "/app/storage", "The plugin daemon's folder"),
    // S3, the api.
    Variable::plain("S3_ENDPOINT", "AWS", "URL of the S3 server; Dify crashes where it is empty"),
    Variable::plain("S3_BUCKET_NAME", "", "The api's bucket"),
    Variable::plain("S3_REGION", "us-east-1", "Region of the bucket"),
    Variable::secret("S3_ACCESS_KEY", "Access key"),
    Variable::secret("S3_SECRET_KEY", "Secret key"),
    Variable::plain("S3_ADDRESS_STYLE", "auto", "Where the bucket is written: path, virtual or auto"),
    Variable::plain(
        "S3_USE_AWS_MANAGED_IAM",
        "false",
        "Take the key from the role of the pod or node; the api then looks at region and bucket alone",
    ),
    // S3, the plugin daemon.
    Variable::plain("S3_USE_AWS", "true", "Whether the plugin daemon's S3 is that of AWS"),
    Variable::plain("S3_USE_PATH_STYLE", "true", "Whether the plugin daemon writes the bucket into the path"),
    Variable::plain("AWS_REGION", "us-east-1", "Region of the plugin daemon's bucket"),
    Variable::secret("AWS_ACCESS_KEY", "The plugin daemon's access key"),
    Variable::secret("AWS_SECRET_KEY", "The plugin daemon's secret key"),
    // S3 through OpenDAL.
    Variable::plain("OPENDAL_S3_ENDPOINT", "AWS", "URL of the S3 server, through OpenDAL"),
    Variable::plain("OPENDAL_S3_BUCKET", "", "Bucket, through OpenDAL"),
    Variable::plain("OPENDAL_S3_REGION", "AWS_REGION", "Region, without which OpenDAL does not start"),
    Variable::plain("OPENDAL_S3_ROOT", "", "Beginning of every key, through OpenDAL"),
    Variable::secret("OPENDAL_S3_ACCESS_KEY_ID", "Access key, through OpenDAL"),
    Variable::secret("OPENDAL_S3_SECRET_ACCESS_KEY", "Secret key, through OpenDAL"),
    Variable::secret("OPENDAL_S3_SESSION_TOKEN", "Session token of the access key, through OpenDAL"),
    Variable::plain("OPENDAL_S3_ENABLE_VIRTUAL_HOST_STYLE", "false", "Write the bucket into the host name"),
    // Where the SDKs of AWS find a key, a CA and a server.
    Variable::plain("AWS_CA_BUNDLE", "", "CA file for S3 and STS, in PEM form"),
    Variable::secret("AWS_ACCESS_KEY_ID", "Access key for the SDKs' chain"),
    Variable::secret("AWS_SECRET_ACCESS_KEY", "Its secret key"),
    Variable::secret("AWS_SESSION_TOKEN", "Its session token"),
    Variable::plain("AWS_WEB_IDENTITY_TOKEN_FILE", "", "The pod's token for STS (IRSA); set by EKS"),
    Variable::plain("AWS_ROLE_ARN", "", "The role that STS is asked for; set by EKS"),
    Variable::plain("AWS_PROFILE", "default", "Profile in the shared credentials file"),
    Variable::plain("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", "The shared credentials file"),
    Variable::plain("HOME", "", "Where the shared credentials file is looked for"),
    Variable::plain("AWS_CONTAINER_CREDENTIALS_FULL_URI", "", "The agent of EKS pod identity; set by EKS"),
    Variable::plain("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "", "The agent of ECS; set by ECS"),
    Variable::plain("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "", "The pod's token for that agent"),
    Variable::secret("AWS_CONTAINER_AUTHORIZATION_TOKEN", "The same, not in a file"),
    Variable::plain("AWS_EC2_METADATA_DISABLED", "false", "Do not ask the node's metadata service"),
    Variable::plain(
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "http://169.254.169.254",
        "URL of the node's metadata service",
    ),
    Variable::plain("AWS_DEFAULT_REGION", "us-east-1", "Region, where S3_REGION is not set"),
    Variable::plain(
        "AWS_ENDPOINT_URL_S3",
        "AWS",
        "Another S3 server for the SDKs, with S3_USE_AWS_MANAGED_IAM",
    ),
    Variable::plain("AWS_ENDPOINT_URL", "AWS", "The same for every service"),
    Variable::plain("AWS_ENDPOINT_URL_STS", "STS of the region", "Another STS for the SDKs"),
    // Azure Blob.
    Variable::plain("AZURE_BLOB_ACCOUNT_URL", "", "URL of the storage account, for the api"),
    Variable::plain("AZURE_BLOB_ACCOUNT_NAME", "", "Name of the storage account"),
    Variable::secret("AZURE_BLOB_ACCOUNT_KEY", "Key of the account; managedidentity for the pod's identity"),
    Variable::plain("AZURE_BLOB_CONTAINER_NAME", "", "The api's container"),
    Variable::secret(
        "AZURE_BLOB_STORAGE_CONNECTION_STRING",
        "The plugin daemon's account, with an account key or a shared access signature",
    ),
    Variable::plain("AZURE_BLOB_STORAGE_CONTAINER_NAME", "", "The plugin daemon's container"),
    Variable::plain(
        "AZURE_BLOB_STORAGE_USE_MANAGED_IDENTITY",
        "false",
        "Whether the plugin daemon uses the identity of its pod",
    ),
    Variable::plain("AZURE_BLOB_STORAGE_ACCOUNT_URL", "", "URL of the account, for the daemon's identity"),
    Variable::plain("OPENDAL_AZBLOB_ENDPOINT", "", "URL of the storage account, through OpenDAL"),
    Variable::plain("OPENDAL_AZBLOB_CONTAINER", "", "Container, through OpenDAL"),
    Variable::plain("OPENDAL_AZBLOB_ROOT", "", "Beginning of every name, through OpenDAL"),
    Variable::plain("OPENDAL_AZBLOB_ACCOUNT_NAME", "", "Name of the storage account, through OpenDAL"),
    Variable::secret("OPENDAL_AZBLOB_ACCOUNT_KEY", "Key of the account, through OpenDAL"),
    Variable::secret("OPENDAL_AZBLOB_SAS_TOKEN", "Shared access signature, through OpenDAL"),
    Variable::plain("AZURE_TENANT_ID", "", "Tenant of the identity; set by AKS with workload identity"),
    Variable::plain("AZURE_CLIENT_ID", "", "Application or identity; set by AKS with workload identity"),
    Variable::secret("AZURE_CLIENT_SECRET", "Secret of a service principal"),
    Variable::plain("AZURE_FEDERATED_TOKEN_FILE", "", "The pod's token for Entra ID; set by AKS"),
    Variable::plain("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com", "URL of Entra ID"),
    Variable::plain(
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        "http://169.254.169.254",
        "URL of the metadata service that gives the node's identity",
    ),
    // Google Cloud Storage.
    Variable::plain("GOOGLE_STORAGE_BUCKET_NAME", "", "The api's bucket"),
    Variable::secret(
        "GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64",
        "The api's service account: its JSON file in base64; empty for the identity of the pod",
    ),
    Variable::secret("GCS_CREDENTIALS", "The same for the plugin daemon"),
    Variable::plain("OPENDAL_GCS_BUCKET", "", "Bucket, through OpenDAL"),
    Variable::plain("OPENDAL_GCS_ROOT", "", "Beginning of every name, through OpenDAL"),
    Variable::secret("OPENDAL_GCS_CREDENTIAL", "Service account, through OpenDAL: its JSON file in base64"),
    Variable::plain("GOOGLE_APPLICATION_CREDENTIALS", "", "File with the credential of Google's libraries"),
    Variable::plain("CLOUDSDK_CONFIG", "~/.config/gcloud", "Folder in which gcloud leaves a credential"),
    Variable::plain("GOOGLE_CLOUD_PROJECT", "", "Project in which `ensure` makes a bucket"),
    Variable::plain(
        "GCE_METADATA_HOST",
        "169.254.169.254",
        "The metadata service that gives the pod's token",
    ),
    Variable::plain("STORAGE_EMULATOR_HOST", "Google", "Another server in place of Google Cloud Storage"),
    Variable::plain(
        "API_ENDPOINT_OVERRIDE",
        "Google",
        "The same where tokens are wanted: a private endpoint",
    ),
    // The CA file of Python's requests.
    Variable::plain("REQUESTS_CA_BUNDLE", "", "CA file that the api trusts, for stores other than S3"),
    Variable::plain("CURL_CA_BUNDLE", "", "The same by its other name"),
];
