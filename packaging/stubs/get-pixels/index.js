'use strict';

// escpos requires this module at load time to read image files. The kiosk never asks it to,
// and the real package drags in an abandoned HTTP stack with known holes.
module.exports = function getPixels(_url, typeOrCallback, callback) {
  (callback || typeOrCallback)(new Error('image loading is disabled: pass pixels instead'));
};
