// A thread of the program: of a batch, the webhook or the language server.
require('./load.cjs').runThread();
