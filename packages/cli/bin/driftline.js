#!/usr/bin/env node
// npm links a command when it installs, and in a clone dist is built after that.
import '../dist/main.js';
