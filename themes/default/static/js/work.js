// Looks for a number which, behind the form's slip, has a SHA-256 that begins with zeros: a second of work for a phone.
// Written out here because browsers offer their own only over https.
"use strict";

var K = [];
(function () {
  var found = 0;
  for (var n = 2; found < 64; n += 1) {
    var prime = true;
    for (var d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
    if (prime) { K[found] = (fraction(Math.pow(n, 1 / 3))) | 0; found += 1; }
  }
})();
function fraction(x) { return Math.floor((x - Math.floor(x)) * 4294967296); }

var START = [2, 3, 5, 7, 11, 13, 17, 19].map(function (n) { return fraction(Math.sqrt(n)) | 0; });
var W = new Int32Array(64);

function turn(x, n) { return (x >>> n) | (x << (32 - n)); }

/** The first 32 bits of the SHA-256 of `text`, which is plain ASCII. */
function head(text) {
  var length = text.length, blocks = ((length + 8) >> 6) + 1;
  var words = new Int32Array(blocks * 16);
  for (var i = 0; i < length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8);
  words[length >> 2] |= 0x80 << (24 - (length & 3) * 8);
  words[blocks * 16 - 1] = length * 8;
  var state = START.slice();
  for (var block = 0; block < blocks; block += 1) {
    for (var t = 0; t < 64; t += 1) {
      if (t < 16) { W[t] = words[block * 16 + t]; continue; }
      var p = W[t - 15], q = W[t - 2];
      var s0 = turn(p, 7) ^ turn(p, 18) ^ (p >>> 3), s1 = turn(q, 17) ^ turn(q, 19) ^ (q >>> 10);
      W[t] = (W[t - 16] + s0 + W[t - 7] + s1) | 0;
    }
    var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (t = 0; t < 64; t += 1) {
      var one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
      var two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state = [a + state[0] | 0, b + state[1] | 0, c + state[2] | 0, d + state[3] | 0, e + state[4] | 0, f + state[5] | 0, g + state[6] | 0, h + state[7] | 0];
  }
  return state[0] >>> 0;
}

self.onmessage = function (event) {
  var slip = event.data.slip + ":", limit = Math.pow(2, 32 - event.data.bits);
  for (var n = 0; ; n += 1) if (head(slip + n) < limit) { self.postMessage(String(n)); return; }
};
