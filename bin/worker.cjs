// A worker thread of a batch.
require('./pace.cjs').ownPace();
require('./load.cjs').load('./worker.js');
