package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedUrlTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Amazon S3, version 4 | versionId=7&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=1&X-Amz-Signature=s | versionId=7",
                "Amazon S3, version 2 | AWSAccessKeyId=k&Expires=9&Signature=s&versionId=7 | versionId=7",
                "Google Cloud Storage | generation=7&X-Goog-Date=1&x-goog-signature=s | generation=7",
                "Google Cloud Storage, version 2 | GoogleAccessId=k&Expires=9&Signature=s&generation=7 | generation=7",
                "CloudFront | size=L&Policy=p&Signature=s&Key-Pair-Id=k&Hash-Algorithm=SHA256 | size=L",
                "Azure | snapshot=7&sv=2024-11-04&st=1&se=9&sr=b&sp=r&sig=s | snapshot=7",
                "Azure, by a user's key | skoid=a&sktid=b&skt=1&ske=9&sks=b&skv=2024-11-04&sv=2024-11-04&sp=r&sr=b&se=9&sig=s&rscd=file | rscd=file",
            })
    void isLeftOut(String scheme, String query, String left) {
        assertThat(SignedUrl.withoutSignature(query)).as(scheme).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({
        "policy=strict&signature=off", // no key beside it
        "sp=r&se=1&sr=2", // no signature beside them
        "sig=1&se=2", // no version beside it
        "a&b=&=c&&d=e=f",
        "''",
    })
    void leavesWhatIsNoSignature(String query) {
        assertThat(SignedUrl.withoutSignature(query)).isEqualTo(query);
    }
}
