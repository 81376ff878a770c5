//! Where files are kept.

use super::Demand;

pub(super) const DEMANDS: &[Demand] = &[
    ("and .Values.externalS3.enabled (not .Values.externalS3.useIAM)", "externalS3.accessKey"),
    ("and .Values.externalS3.enabled (not .Values.externalS3.useIAM)", "externalS3.secretKey"),
];
