/**
 * Monitors: streams that run for months, their alerts and their views.
 *
 * @module
 */
export { type AlertJournal, alertJournal } from "./alert_journal.ts";
export type { Detector, DetectorCounts, DetectorResult, MonitorCell } from "./detector.ts";
export { type Latency, latency, type LatencySummary } from "./latency.ts";
export {
  type MonitorBand,
  type RecentCurve,
  recentCurve,
  type RecentCurveOptions,
  type RecentCurveState,
} from "./recent_curve.ts";
export {
  type LatePolicy,
  type TimeOrder,
  timeOrder,
  type TimeOrderOptions,
  type TimeOrderState,
} from "./time_order.ts";
export {
  type MonitorMachine,
  monitorMachine,
  type MonitorPlan,
  type MonitorState,
  type MonitorSums,
  type SignificanceCurve,
} from "./monitor_state.ts";
export {
  type MonitorConfig,
  type MonitorEnd,
  type MonitorHooks,
  type MonitorMetrics,
  runMonitor,
  type RunningMonitor,
} from "./run_monitor.ts";
export {
  type MonitorHealth,
  type MonitorView,
  monitorView,
  type MonitorViewInfo,
  newInView,
} from "./monitor_view.ts";
export { type MonitorServer, serveMonitor, type ServeMonitorOptions } from "./serve_monitor.ts";
