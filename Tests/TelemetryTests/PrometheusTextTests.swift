import Telemetry
import TestSupport
import Testing

@Suite struct PrometheusTextTests {
    @Test func `what is counted and measured is read back as it was`() throws {
        let counters = Counters("tried_total", help: "Tries.", labels: ["kind", "outcome"])
        counters.add(2, "mail", "failed")
        counters.add(3, "mail", "failed")
        counters.add(1, "mail", "succeeded")
        let histograms = Histograms("took_seconds", help: "How long.", labels: ["kind"], bounds: [0.1, 1])
        for seconds in [0.05, 0.1, 0.5, 7] { histograms.observe(seconds, "mail") }
        let page = try PrometheusPage(PrometheusText.render([counters.family, histograms.family]))
        #expect(page.value("tried_total", ["kind": "mail", "outcome": "failed"]) == 5)
        #expect(page.value("tried_total", ["kind": "mail", "outcome": "succeeded"]) == 1)
        #expect(page.value("took_seconds_bucket", ["kind": "mail", "le": "0.1"]) == 2)
        #expect(page.value("took_seconds_bucket", ["kind": "mail", "le": "1"]) == 3)
        #expect(page.value("took_seconds_bucket", ["kind": "mail", "le": "+Inf"]) == 4)
        #expect(page.value("took_seconds_sum", ["kind": "mail"]) == 7.65)
        #expect(page.types == ["tried_total": "counter", "took_seconds": "histogram"])
    }

    @Test func `a counter without labels is there before it counts, and an empty family is not`() throws {
        let text = PrometheusText.render([
            Counters("a_total", help: "A.").family, Counters("b_total", help: "B.", labels: ["x"]).family,
        ])
        #expect(text == "# HELP a_total A.\n# TYPE a_total counter\na_total 0\n")
    }

    @Test(arguments: ["plain", "with \"quotes\"", "back\\slash", "two\nlines", "\r\n", "ü 漢", "\\n"])
    func `no label's value can break the page`(value: String) throws {
        let family = MetricFamily.gauge("depth", help: "Of\n\(value)", [.init(labels: ["queue": value], value: 1)])
        let page = try PrometheusPage(PrometheusText.render([family, .gauge("after", help: "It.", 2)]))
        #expect(page.value("depth", ["queue": value]) == 1)
        #expect(page.value("after") == 2)
    }

    @Test func `numbers are written as the format wants them`() throws {
        let text = PrometheusText.render([
            .gauge(
                "n", help: "N.",
                [3, 0.25, -1, 1e18, .infinity, .nan].enumerated().map { position, value in
                    .init(labels: ["at": "\(position)"], value: value)
                })
        ])
        let numbers = text.split(separator: "\n").dropFirst(2).map { $0.split(separator: " ")[1] }
        #expect(numbers == ["3", "0.25", "-1", "1000000000000000000", "+Inf", "NaN"])
    }

    @Test(arguments: [
        "a 1", "# HELP a A.\n# TYPE a gauge\nb 1\n", "# HELP a A.\n# TYPE a gauge\na{x=\"1} 1\n",
        "# HELP a A.\n# TYPE a counter\na 1\n", "# HELP a A.\n# TYPE a gauge\na 1\na 2\n",
        "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
    ])
    func `the reader of these tests refuses what is no page`(text: String) {
        #expect(throws: PrometheusPage.Fault.self) { try PrometheusPage(text) }
    }
}
