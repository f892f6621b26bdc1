import Foundation
import Testing

@testable import Storage

/// Signatures, by the examples that AWS has published: those of its test suite for the protocol, and those for S3.
@Suite struct SignatureV4Tests {
    private static let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private static let suite = SignatureV4(
        accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "us-east-1",
        service: "service")
    private static let suiteHeaders = [("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z")]
    /// 2015-08-30 12:36:00 UTC.
    private static let suiteTime = Date(timeIntervalSince1970: 1_440_938_160)

    @Test(
        arguments: [
            ("get-vanilla", "GET", "/", [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            (
                "get-vanilla-query-order-key-case", "GET", "/", [("Param2", "value2"), ("Param1", "value1")],
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
            ),
            ("post-vanilla", "POST", "/", [], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", [],
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"
            ),
            (
                "get-utf8", "GET", "/%E1%88%B4", [],
                "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"
            ),
        ] as [(String, String, String, [(String, String)], String)])
    func `the protocol's examples come out as they are published`(
        _ name: String, _ method: String, _ path: String, _ query: [(String, String)], _ signature: String
    ) {
        let value = Self.suite.authorization(
            for: .init(
                method: method, path: path, query: query, headers: Self.suiteHeaders, payload: Self.nothing),
            at: Self.suiteTime)
        #expect(
            value
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, Signature=\(signature)", "\(name)")
    }

    @Test func `headers are put in order and their spaces together`() {
        let more = [("my-header1", "value4"), ("my-header1", " value1"), ("my-header1", "value3 ")]
        let value = Self.suite.authorization(
            for: .init(
                method: "GET", headers: more + [("my-header1", "value2")] + Self.suiteHeaders, payload: Self.nothing),
            at: Self.suiteTime)
        #expect(value.hasSuffix("08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"))
    }

    @Test func `S3's own examples come out as they are published`() {
        let signer = SignatureV4(
            accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            region: "us-east-1", service: "s3")
        // 2013-05-24 00:00:00 UTC.
        let moment = Date(timeIntervalSince1970: 1_369_353_600)
        func sign(_ method: String, _ path: String, _ headers: [(String, String)], _ payload: String) -> String {
            let usual = [
                ("host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", payload),
                ("x-amz-date", SignatureV4.time(moment)),
            ]
            let value = signer.authorization(
                for: .init(method: method, path: path, headers: usual + headers, payload: payload), at: moment)
            return String(value.suffix(64))
        }
        #expect(
            sign("GET", "/test.txt", [("range", "bytes=0-9")], Self.nothing)
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            sign(
                "PUT", "/test%24file.text",
                [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
                == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }
}
