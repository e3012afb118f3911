// What every page has: menus, dialogs, keys, times, copying, forms, tabs, tips.
import "./menus.js";
import "./dialogs.js";
import "./copying.js";
import "./times.js";
import "./keys.js";
import "./tabs.js";
import "./tips.js";
import "./api-form.js";
import "./refreshing.js";
