/** What a worker thread of a batch runs: it serves the batch. */
import { serve } from './batch/worker.ts';

serve();
