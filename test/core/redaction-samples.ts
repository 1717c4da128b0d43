/** A secret in its place: what stands before it, the secret, and what stands after it. */
export type Sample = readonly [before: string, secret: string, after: string];

/** Made up letters, never the same twice in a row; put together here so that no scanner takes the source for a leak. */
export function letters(length: number, alphabet = 'aQ3zX7kM0pL9vB4n'): string {
  return Array.from({ length }, (_, index) => alphabet[(index * 7 + (index >> 4)) % alphabet.length]).join(
    '',
  );
}
const hexLetters = (length: number) => letters(length, '0a1b2c3d4e5f6789');
const capitals = (length: number) => letters(length, 'A2B3C4D5E6F7G2HJ');

const jsonWebToken = [`eyJ${letters(33)}`, `eyJ${letters(60)}`, letters(43)].join('.');
const encrypted = [`eyJ${letters(33)}`, letters(40), letters(16), letters(60), letters(22)].join('.');
const keyLines = Array.from({ length: 5 }, () => letters(64));
const keyOf = (kind: string, lineEnd: string): string =>
  [`-----BEGIN ${kind}-----`, ...keyLines, `-----END ${kind}-----`].join(lineEnd);

/** Under the name of each shape, how it looks in logs, configuration and inspect. */
export const samples: Readonly<Record<string, readonly Sample[]>> = {
  'GitHub token': ['ghp', 'gho', 'ghu', 'ghs', 'ghr']
    .map((kind): Sample => ['remote: ', `${kind}_${letters(36)}`, ' is not valid.'])
    .concat([['token ', `ghs_123456_${jsonWebToken}`, ' expired']]),
  'GitHub fine-grained token': [['x=', `github_pat_${letters(22)}_${letters(59)}`, '"']],
  'AWS access key id': [
    ['key ', `AKIA${capitals(16)}`, ' unknown'],
    ['AWS_ACCESS_KEY_ID=', `ASIA${capitals(16)}`, ''],
  ],
  'JSON web token': [
    ['jwt ', jsonWebToken, ' expired'],
    ['%3D', encrypted, '&x=1'],
    ['unsigned ', jsonWebToken.replace(/[^.]*$/, ''), ' refused'],
  ],
  'Slack token': [
    ['posting with ', `xoxb-123456789012-${letters(24)}`, ' failed'],
    ['', `xapp-1-A1-123-${letters(30)}`, ''],
  ],
  'Slack webhook': [['POST hooks.slack.com/services/', `T0001/B0002/${letters(24)}`, ' 404']],
  'npm token': [['//registry/:x=', `npm_${letters(36)}`, '']],
  'GitLab token': [['clone with ', `glpat-${letters(20)}`, ' denied']],
  'Google API key': [['&k=', `AIza${letters(35)}`, '&x=1']],
  'Google OAuth secret': [
    ['id ', `ya29.${letters(60)}`, ' ok'],
    ['', `GOCSPX-${letters(28)}`, ''],
  ],
  'Stripe key': ['sk_live_', 'rk_live_', 'sk_test_', 'whsec_'].map(
    (prefix): Sample => ['charging with ', prefix + letters(24), ': declined'],
  ),
  'Docker token': [['login ', `dckr_pat_${letters(27)}`, ' unauthorized']],
  'PyPI token': [['twine ', `pypi-${letters(120)}`, ' 403']],
  'SendGrid key': [['mail by ', `SG.${letters(22)}.${letters(43)}`, ' 401']],
  'Azure key': [
    ['AccountName=a;AccountKey=', `${letters(86)}==`, ';EndpointSuffix=b'],
    ['SharedAccessKeyName=Root;SharedAccessKey=', `${letters(43)}=`, ''],
  ],
  'Azure SAS signature': [['/box?sv=2026&sr=c&sig=', `${letters(43)}%3D`, '&se=2027']],
  'AI provider key': [['model called with ', `sk-proj-${letters(60)}`, ' 429']],
  'Hugging Face token': [['pull by ', `hf_${letters(34)}`, ' 401']],
  'Vault token': [['lookup ', `hvs.${letters(95)}`, ' expired']],
  'DigitalOcean token': [['doctl ', `dop_v1_${hexLetters(64)}`, ' 401']],
  'Shopify token': [['shop ', `shpat_${hexLetters(32)}`, ' 401']],
  'Databricks token': [['dbx ', `dapi${hexLetters(32)}`, ' 403']],
  'RubyGems key': [['gem ', `rubygems_${hexLetters(48)}`, ' 401']],
  'Dashboard token': [['org 1 ', `glsa_${letters(32)}_${hexLetters(8)}`, ' revoked']],
  'SonarQube token': [['scan ', `squ_${hexLetters(40)}`, ' 401']],
  'Atlassian token': [['wiki ', `ATATT3${letters(180)}`, ' 401']],
  'age key': [['# ', `AGE-SECRET-KEY-1${capitals(58)}`, '']],
  Password: [
    ['password=', 'hunter2', ''],
    ['DB_PASSWORD=', 'hunter2', ' started'],
    ['spring.datasource.password: ', 'hunter2', ''],
    ['"password": "', 'with \\" quotes, and blanks', '", "user": "bob"'],
    ['{"password":', '12345', ',"user":"bob"}'],
    ['{"log":"{\\"password\\":\\"', 'hunter2', '\\",\\"user\\":\\"bob\\"}"}'],
    ["{'password': '", 'it is', "', 'user': 'bob'}"],
    ['Config(user=bob, password=', 'hunter2', ', port=1)'],
    ['Server=db;Password=', 'hunter2', ';Database=x'],
    ['/login?user=bob&password=', 'hunter2', '&next=/'],
    ['password=', 'with,comma&and;more', ' next'],
    ['-Djavax.net.ssl.keyStorePassword=', 'changeit', ' -jar x'],
    ['Passwd: ', 'hunter2', ''],
    ['ssl.passphrase = ', 'hunter2', ''],
    ['client_secret=', 'hunter2', ''],
    ['secretKey := "', 'hunter2', '"'],
    ['form password%3D', 'hunter2', ' sent'],
    ['config["password"] = "', 'hunter2', '"'],
    [':password => `', 'hunter2', '`'],
  ],
  Key: [
    ['aws_secret_access_key = ', letters(40), ''],
    ['x-api-key: ', 'hunter2', ''],
    ['apiKey="', 'hunter2', '"'],
    ['privateKey: ', 'hunter2', ''],
  ],
  Token: [
    ['token=', 'abcdef', ''],
    ['access_token: ', 'abcdef', ''],
    ['"token": "', 'abcdef', '"'],
    ['refreshToken=', 'abcdef', '&x=1'],
  ],
  'Short password': [
    ['Uid=bob;Pwd=', 'hunter2', ';'],
    ['{ user: "bob", pwd: "', 'hunter2', '" }'],
    ['MYSQL_PASS=', 'hunter2', ''],
    ['pass=', 'hunter2', ''],
  ],
  'URL password': [
    ['postgres://bob:', 'hunter2', '@db:5432/x?mail=a@b'],
    ['amqp://a:', 'p@ss', '@h1 and more'],
    ['redis://:', 'hunter2', '@cache:6379'],
    ['parse "postgres://bob:', 'pa/ss+w=', '@db:5432/x": invalid port'],
    ['"mongodb://bob:', 'a\\u0026b', '@h"'],
  ],
  'Authorization header': [
    ['Authorization: Basic ', 'Ym9iOmh1bnRlcjI=', ''],
    ['authorization: Bearer ', 'abc.def', ''],
    ['> Proxy-Authorization: Basic ', 'Ym9iOmh1bnRlcjI=', ''],
    ['{authorization=[Bearer ', 'abc123', ']}'],
    ['"Authorization":["token ', 'abc123', '"]'],
    ['Authorization: ', 'a1b2c3d4e5f6g7h8', ''],
  ],
  'Bearer token': [['sent bearer ', letters(24), ' to it']],
  'Registry login': [
    ['{"auths":{"ghcr.io":{"auth":"', 'Ym9iOmh1bnRlcjI=', '"}}}'],
    ['_auth=', 'Ym9iOmh1bnRlcjI=', ''],
  ],
  'Password in XML': [['<password>', 'hunter2', '</password>']],
  'Password as an argument': [
    ['+ tool --user bob --password ', 'hunter2', ' --host db'],
    ['["tool","--admin-password", "', 'hunter2', '"]'],
    ['server --requirepass ', 'hunter2', ''],
    ['keytool -storepass ', 'changeit', ' -list'],
  ],
  'Password in SQL': [["CREATE USER bob IDENTIFIED BY '", 'hunter 2', "'"]],
  'Private key': [
    ['', keyOf('RSA PRIVATE KEY', '\n'), '\nafter'],
    ['before\n', keyOf('PRIVATE KEY', '\r\n'), ''],
    ['key: "', keyOf('OPENSSH PRIVATE KEY', '\\n'), '\\n", more'],
    ['', keyOf('EC PRIVATE KEY', '\n2026-11-25T03:06:11Z app-1 | '), ' end'],
    ['x ', keyOf('PGP PRIVATE KEY BLOCK', '\n'), ' y'],
  ],
};

export const allSamples: readonly (readonly [name: string, ...Sample])[] = Object.entries(samples).flatMap(
  ([name, list]) => list.map((sample) => [name, ...sample] as const),
);
