/**
 * Monitors: streams that run for months, their alerts and their views.
 *
 * @module
 */
export {};
