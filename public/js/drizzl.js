// What every page loads. Links and forms work without any of it; this makes them quicker, and the page alive.
import { beginShell } from "./shell.js";
import { beginSwapping } from "./swap.js";
import { beginLive } from "./live.js";
import { beginRecords } from "./records.js";
import { beginTouch } from "./touch.js";
import { beginKeys } from "./keys.js";
import { beginCounts } from "./counts.js";

beginShell();
beginSwapping();
beginLive();
beginTouch();
beginRecords();
beginKeys();
beginCounts();
