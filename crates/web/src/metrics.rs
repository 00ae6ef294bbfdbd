//! What is counted and timed, in the text format of Prometheus.

use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

/// The portal's own counters. Each [`crate::App`] has a set, so that tests do not share one.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
}

impl Metrics {
    /// A set at zero.
    #[expect(clippy::new_without_default, reason = "there is nothing to default")]
    pub fn new() -> Self {
        let registry = Registry::new();
        let opts = Opts::new("conglang_requests_total", "Answers given, by area and status.");
        let requests = registered(&registry, IntCounterVec::new(opts, &["area", "status"]));
        let opts = HistogramOpts::new("conglang_request_seconds", "Time to answer, by area.")
            .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0]);
        let seconds = registered(&registry, HistogramVec::new(opts, &["area"]));
        Self { registry, requests, seconds }
    }

    /// Counts one answer.
    pub fn answered(&self, area: &str, status: u16, time: Duration) {
        self.requests.with_label_values(&[area, &status.to_string()]).inc();
        self.seconds.with_label_values(&[area]).observe(time.as_secs_f64());
    }

    /// Everything counted so far.
    pub fn text(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}

/// Registers a metric. The names are constants of this file, so neither step can fail once it
/// has worked; the test below makes one.
#[expect(clippy::expect_used, reason = "constant names, checked by the test")]
fn registered<M: prometheus::core::Collector + Clone + 'static>(
    registry: &Registry,
    metric: prometheus::Result<M>,
) -> M {
    let metric = metric.expect("a well-formed metric");
    registry.register(Box::new(metric.clone())).expect("a metric registered once");
    metric
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_counted_under_its_area_and_status() {
        let metrics = Metrics::new();
        metrics.answered("public", 200, Duration::from_millis(3));
        let text = metrics.text();
        let line = r#"conglang_requests_total{area="public",status="200"} 1"#;
        assert!(text.contains(line), "{text}");
    }
}
