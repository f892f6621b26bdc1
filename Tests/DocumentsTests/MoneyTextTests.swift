import Documents
import Testing

@Suite struct MoneyTextTests {
    @Test(
        arguments: [
            (384_500, "$3,845.00"), (-4_500, "-$45.00"), (0, "$0.00"), (5, "$0.05"), (-1, "-$0.01"),
            (99_999, "$999.99"),
            (100_000, "$1,000.00"), (123_456_789_01, "$123,456,789.01"),
            (Int64.max, "$92,233,720,368,547,758.07"), (Int64.min, "-$92,233,720,368,547,758.08"),
        ] as [(Int64, String)])
    func `cents are written as dollars`(cents: Int64, text: String) {
        #expect(MoneyText.dollars(cents) == text)
    }

    @Test func `quantities have thousands separators`() {
        #expect(
            [0, 999, 1000, -12, 1_234_567, Int.min].map(MoneyText.whole) == [
                "0", "999", "1,000", "-12", "1,234,567", "-9,223,372,036,854,775,808",
            ])
    }

    @Test func `basis points are written as percent`() {
        #expect(
            [3_500, 150, 125, 5, 0, -50, 123_400_00].map(MoneyText.percent) == [
                "35%", "1.5%", "1.25%", "0.05%", "0%", "-0.5%", "123,400%",
            ])
    }
}
