// Reads calendar files as a program in JavaScript does: {name: text} comes in, {name: {UID: [seconds since 1970]}} goes out. The zones are those of
// the files.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const MOST = 2000; // dates of one series

function startsIn(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const found = {};
  const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
  const masters = events.filter((event) => !event.isRecurrenceException());
  for (const event of events.filter((each) => each.isRecurrenceException())) {
    masters.find((master) => master.uid === event.uid).relateException(event);
  }
  for (const master of masters) {
    const starts = new Set();
    const dates = master.iterator();
    for (let next = dates.next(), count = 0; next && count < MOST; next = dates.next(), count += 1) {
      starts.add(master.getOccurrenceDetails(next).startDate.toUnixTime());
    }
    found[master.uid] = [...starts].sort((one, other) => one - other);
  }
  return found;
}

const files = JSON.parse(readFileSync(0, "utf8"));
const read = Object.entries(files).map(([name, text]) => [name, startsIn(text)]);
process.stdout.write(JSON.stringify(Object.fromEntries(read)));
