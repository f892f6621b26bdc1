import Testing
import Workflows

@Suite struct RoundingTests {
    @Test(
        arguments: [
            (650, 7_500, 488), (849, 7_500, 637), (-650, 7_500, -488), (1, 5_000, 1), (1, 4_999, 0),
            (384_500, 150, 5_768), (100_000, 150, 1_500), (600_000, 150, 9_000),
        ] as [(Int64, Int64, Int64)])
    func `an amount times basis points is rounded half away from zero, once (R-02, R-12)`(
        _ amount: Int64, _ share: Int64, _ result: Int64
    ) {
        #expect(BasisPoints(share).of(amount) == result)
    }
}
