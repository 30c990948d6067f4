/** Kubernetes' AdmissionReview, admission.k8s.io/v1: what the API server asks, and what it is answered. */
import { isMapping } from '../../formats/text/values.ts';
import { jsonText } from '../../lib/json-text.ts';
import { visible } from '../../lib/visible.ts';

export const API_VERSION = 'admission.k8s.io/v1';
export const KIND = 'AdmissionReview';

/** Characters of an UID, which is 36 long where Kubernetes makes it. */
const UID_LENGTH = 256;

type Mapping = Readonly<Record<string, unknown>>;

/** What is asked: of a request those parts that count here. */
export interface Asked {
  readonly uid: string;
  /** CREATE, UPDATE, DELETE or CONNECT. */
  readonly operation: string;
  /** The kind that the webhook asked for, and the object is of. */
  readonly group: string;
  readonly kind: string;
  readonly subresource: string;
  readonly namespace: string;
  /** Empty where the API server makes the name. */
  readonly name: string;
  /** The object as it is to be; null: there is none. */
  readonly object: Mapping | null;
  /** The object as it is. */
  readonly oldObject: Mapping | null;
}

/** `metav1.Status`, as far as it says why something is refused. */
export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

export interface Answer {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: Status;
  readonly warnings?: readonly string[];
}

/** The body is no review: nothing can be answered but an error of HTTP, on which the API server goes by failurePolicy. */
export class NoReview extends Error {
  override name = 'NoReview';
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const mappingOf = (value: unknown): Mapping => (isMapping(value) ? value : {});

/** A value that came from outside, for a message: short, on one line. */
const shown = (value: unknown): string => visible(JSON.stringify(textOf(value).slice(0, 60)));

/** What numbers beyond a double have in them; to look at each number of every body would take longer. */
const MAYBE_TOO_LARGE = /[eE]\+?\d{3}|\d{200}/;

/** Numbers beyond a double would be infinite, which is written as null and passes for what is not there. */
function finite(_: string, value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
    throw new NoReview('a number in the body is too large');
  return value;
}

/** Bytes → JSON. Throws NoReview. */
function parsed(body: Uint8Array): unknown {
  if (body.length === 0) throw new NoReview('the body is empty; an AdmissionReview is expected');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new NoReview('the body is not UTF-8');
  }
  try {
    return JSON.parse(text, MAYBE_TOO_LARGE.test(text) ? finite : undefined);
  } catch (error) {
    if (error instanceof NoReview) throw error;
    // What JSON.parse says quotes the body.
    throw new NoReview('the body is not JSON');
  }
}

/** The object of a request; null where it has none. Throws NoReview for anything else. */
function objectOf(request: Mapping, key: 'object' | 'oldObject'): Mapping | null {
  const value = Object.hasOwn(request, key) ? request[key] : null;
  if (value === null || value === undefined) return null;
  if (!isMapping(value)) throw new NoReview(`request.${key} is not an object`);
  return value;
}

/** Reads the body of a request. Throws NoReview. */
export function readReview(body: Uint8Array): Asked {
  const review = parsed(body);
  if (!isMapping(review)) throw new NoReview('the body is not an object; an AdmissionReview is expected');
  if (review.kind !== KIND) throw new NoReview(`kind: ${KIND} is expected, not ${shown(review.kind)}`);
  if (review.apiVersion !== API_VERSION)
    throw new NoReview(`apiVersion: ${API_VERSION} is expected, not ${shown(review.apiVersion)}`);
  const { request } = review;
  if (!isMapping(request)) throw new NoReview('the review has no request');
  const uid = textOf(request.uid);
  if (uid === '' || uid.length > UID_LENGTH)
    throw new NoReview(`request.uid: 1 to ${UID_LENGTH} characters are expected`);
  const kind = mappingOf(request.kind);
  return {
    uid,
    operation: textOf(request.operation),
    group: textOf(kind.group),
    kind: textOf(kind.kind),
    subresource: textOf(request.subResource),
    namespace: textOf(request.namespace),
    name: textOf(request.name),
    object: objectOf(request, 'object'),
    oldObject: objectOf(request, 'oldObject'),
  };
}

/** The answer as it is sent. */
export function reviewText(response: Answer): string {
  return jsonText({ apiVersion: API_VERSION, kind: KIND, response });
}

/** An error of HTTP as Kubernetes writes it. */
export function statusText(code: number, reason: string, message: string): string {
  return jsonText({ apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message });
}
