// A worker thread of a batch.
require('./load.cjs').load('./worker.js');
