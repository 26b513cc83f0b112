/** What users defined about training and rollout, as decisions need it: small, and part of the state. */
@NullMarked
package dev.tidewheel.lifecycle.policy;

import org.jspecify.annotations.NullMarked;
