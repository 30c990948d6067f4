/** Looks into the XML of a domain: values with their places. */
import type { Location } from '../../machine/machine.ts';
import type { Fact } from '../qemu/facts.ts';
import type { Place } from '../qemu/option.ts';
import type { XmlElement } from '../text/xml.ts';

export interface Look {
  readonly at: (element: XmlElement) => Location;
  readonly attribute: (element: XmlElement | undefined, name: string) => Fact<string> | undefined;
  readonly text: (element: XmlElement | undefined) => Fact<string> | undefined;
}

/** A look with the places of a text. */
export function lookWith(place: Place): Look {
  return {
    at: (element) => place(element.offset),
    attribute(element, name) {
      const found = element?.attributes.get(name);
      return found && { value: found.value, at: place(found.offset) };
    },
    text: (element) => element && { value: element.text, at: place(element.textOffset) },
  };
}
