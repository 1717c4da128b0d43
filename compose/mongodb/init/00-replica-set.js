// Only with mongodb-replica-set.yaml: makes this server the one member of rs0, before any other script writes.
// Nothing else creates the root user then, so it is created here, with the name and password of the plain stack.

const notYetInitialized = 94;
try {
  rs.status();
} catch (error) {
  if (error.code !== notYetInitialized) throw error;
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'localhost:27017' }] });
}
while (!db.hello().isWritablePrimary) sleep(50);

const { PAKLOG_MONGODB_USERNAME: user, PAKLOG_MONGODB_PASSWORD: pwd } = process.env;
try {
  db.getSiblingDB('admin').createUser({ user, pwd, roles: [{ role: 'root', db: 'admin' }] });
} catch (error) {
  if (!error.message.includes('already exists')) throw error;
}
