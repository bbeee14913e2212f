/**
 * The journey through the page in a real browser, against a real server with a real model:
 * signing in, an example, an own image, a folder of DICOM files, the prediction, the maps, and everything that could go wrong on the way.
 * `npm run e2e` in frontend/ or `make e2e`. Screenshots go to test-results/.
 *
 * The parts are steps of one journey in this order: later ones find what earlier ones left.
 */

import { after, before } from "node:test";
import { end, start } from "./support/journey.mjs";
import "./parts/signing-in.mjs";
import "./parts/example-and-prediction.mjs";
import "./parts/viewer.mjs";
import "./parts/cases.mjs";
import "./parts/modalities.mjs";
import "./parts/data-sets.mjs";
import "./parts/accounts.mjs";
import "./parts/what-if.mjs";
import "./parts/refinement.mjs";
import "./parts/reader-study.mjs";
import "./parts/reader-study-results.mjs";
import "./parts/intake.mjs";
import "./parts/model-card.mjs";
import "./parts/pages.mjs";

before(start);
after(end);
