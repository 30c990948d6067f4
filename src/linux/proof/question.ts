/** What is asked of a machine. */
import type { AskedProperty } from '../../machine/property-names.ts';
import type { Property, Threat } from './property.ts';
import type { Budget } from './search.ts';

/** What is asked about CPUs that go. */
export interface OfflineQuestion {
  readonly asked: AskedProperty;
  readonly property: Property;
  readonly threat: Threat;
  /** Sets of at most so many CPUs; null: find the largest number. */
  readonly most: number | null;
  readonly budget: Budget;
  /** Shortcuts that are not to be taken: what they give is compared with what is found without. */
  readonly without?: readonly ('closed-form' | 'symmetry')[] | undefined;
}
