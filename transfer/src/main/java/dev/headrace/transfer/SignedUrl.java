package dev.headrace.transfer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which parameters of a URL are its signature, and so are others each time the same content is signed: those of Amazon S3 (versions 4 and 2),
 * Google Cloud Storage, CloudFront and Azure's shared access signatures.
 */
final class SignedUrl {

    /** Names that nothing else has. */
    private static final List<String> PREFIXES = List.of("x-amz-", "x-goog-");

    /** Common words, which are a signature's only beside a {@code Signature} and one of these keys. */
    private static final Set<String> KEYS = Set.of("key-pair-id", "awsaccesskeyid", "googleaccessid");

    private static final Set<String> OF_A_KEY =
            Set.of("signature", "policy", "hash-algorithm", "key-pair-id", "awsaccesskeyid", "googleaccessid");

    /** Short names, which are a signature's only beside {@code sig} and {@code sv}, its version. */
    private static final Set<String> SHARED_ACCESS = Set.of(
            "sv", "ss", "srt", "sr", "sp", "st", "se", "sip", "spr", "si", "ses", "sdd", "skoid", "sktid", "skt", "ske",
            "sks", "skv", "saoid", "suoid", "scid", "sig");

    private SignedUrl() {}

    /**
     * What is left of a query.
     *
     * @param query without the question mark
     */
    static String withoutSignature(String query) {
        List<String> parameters = Arrays.asList(query.split("&", -1));
        Set<String> names = parameters.stream().map(SignedUrl::name).collect(Collectors.toSet());
        boolean key = names.contains("signature") && names.stream().anyMatch(KEYS::contains);
        boolean sharedAccess = names.contains("sig") && names.contains("sv");
        return parameters.stream()
                .filter(parameter -> !isOfASignature(name(parameter), key, sharedAccess))
                .collect(Collectors.joining("&"));
    }

    private static boolean isOfASignature(String name, boolean key, boolean sharedAccess) {
        return name.equals("expires")
                || PREFIXES.stream().anyMatch(name::startsWith)
                || key && OF_A_KEY.contains(name)
                || sharedAccess && SHARED_ACCESS.contains(name);
    }

    private static String name(String parameter) {
        int end = parameter.indexOf('=');
        return (end < 0 ? parameter : parameter.substring(0, end)).toLowerCase(Locale.ROOT);
    }
}
