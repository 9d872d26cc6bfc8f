// The board's script: each behaviour has a file of its own.
import "./columns.js";
import "./drag.js";
import "./filters.js";
import "./keys.js";
import "./leases.js";
import "./live.js";
import "./panel.js";
