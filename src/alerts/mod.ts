/**
 * Alerts: one record of a transient, and its forms for those who listen.
 *
 * @module
 */
export {};
