import type { Shape } from './shapes.ts';

/** Prefixes and lengths as the issuers document them, and as secret scanners look for them; lengths with some room. */
export const tokens: readonly Shape[] = [
  {
    // Installation tokens are `ghs_<app>_<JWT>` since April 2026.
    name: 'GitHub token',
    anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /gh[pousr]_[\w.-]{29,}\w/y,
  },
  { name: 'GitHub fine-grained token', anchors: ['github_pat_'], pattern: /github_pat_\w{22,}/y },
  {
    name: 'AWS access key id',
    anchors: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}/y,
  },
  {
    // Signed ones have three parts, encrypted ones five. A header never holds the beginning of another.
    name: 'JSON web token',
    anchors: ['eyJ'],
    pattern: /eyJ(?:(?!eyJ)[\w-]){6,}\.(?:eyJ[\w-]+(?:\.[\w-]*)?|[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+)/y,
  },
  { name: 'Slack token', anchors: ['xox', 'xapp-'], pattern: /x(?:ox[a-z](?:\.xox[a-z])?|app)-[\w-]{10,}/y },
  {
    name: 'Slack webhook',
    anchors: ['hooks.slack'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[\w/+-]{20,})/y,
  },
  { name: 'npm token', anchors: ['npm_'], pattern: /npm_[A-Za-z0-9]{36,}/y },
  {
    name: 'GitLab token',
    anchors: [
      'glpat-',
      'gldt-',
      'glrt-',
      'glptt-',
      'glcbt-',
      'glft-',
      'glimt-',
      'glsoat-',
      'gloas-',
      'glagent-',
    ],
    pattern: /gl[a-z]{2,5}-[\w.-]{19,}\w/y,
  },
  { name: 'Google API key', anchors: ['AIza'], pattern: /AIza[\w-]{35}/y },
  { name: 'Google OAuth secret', anchors: ['ya29.', 'GOCSPX-'], pattern: /(?:ya29\.|GOCSPX-)[\w-]{20,}/y },
  {
    name: 'Stripe key',
    anchors: ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'whsec_'],
    pattern: /(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]{16,}/y,
  },
  { name: 'Docker token', anchors: ['dckr_'], pattern: /dckr_[op]at_[\w-]{20,}/y },
  { name: 'PyPI token', anchors: ['pypi-'], pattern: /pypi-[\w-]{40,}/y },
  { name: 'SendGrid key', anchors: ['SG.'], pattern: /SG\.[\w-]{16,32}\.[\w-]{16,64}/y },
  {
    name: 'Azure key',
    anchors: ['AccountKey', 'SharedAccessKey', 'SharedSecretKey'],
    pattern: /(?:Account|SharedAccess|SharedSecret)Key ?= ?(?<secret>[\w+/%=-]{20,})/iy,
  },
  { name: 'Azure SAS signature', anchors: ['sig='], pattern: /(?<![A-Za-z])sig=(?<secret>[\w+/%=-]{20,})/y },
  {
    name: 'AI provider key',
    anchors: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-ant-', 'sk-or-'],
    pattern: /sk-(?:proj|svcacct|admin|ant|or)-[\w-]{20,}/y,
  },
  { name: 'Hugging Face token', anchors: ['hf_'], pattern: /hf_[A-Za-z0-9]{30,}/y },
  { name: 'Vault token', anchors: ['hvs.', 'hvb.', 'hvr.'], pattern: /hv[sbr]\.[\w-]{20,}/y },
  {
    name: 'DigitalOcean token',
    anchors: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: /do[por]_v1_[a-f0-9]{64}/y,
  },
  {
    name: 'Shopify token',
    anchors: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: /shp[a-z]{2}_[a-fA-F0-9]{32}/y,
  },
  { name: 'Databricks token', anchors: ['dapi'], pattern: /dapi[a-f0-9]{32}/y },
  { name: 'RubyGems key', anchors: ['rubygems_'], pattern: /rubygems_[a-f0-9]{48}/y },
  { name: 'Dashboard token', anchors: ['glsa_', 'glc_'], pattern: /gl(?:sa|c)_[\w+/=]{32,}/y },
  { name: 'SonarQube token', anchors: ['squ_', 'sqp_', 'sqa_'], pattern: /sq[upa]_[a-f0-9]{40}/y },
  { name: 'Atlassian token', anchors: ['ATATT3'], pattern: /ATATT3[\w=-]{50,}/y },
  { name: 'age key', anchors: ['AGE-SECRET-KEY-'], pattern: /AGE-SECRET-KEY-1[A-Z0-9]{58}/y },
];
