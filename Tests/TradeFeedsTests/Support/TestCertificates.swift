import VenueSimulator

/// A test authority and two servers it has signed, valid from 2020 to 2120; made with openssl for these tests only.
enum TestCertificates {
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBZjCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5UZXN0IEF1
        dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowGTEXMBUG
        A1UEAwwOVGVzdCBBdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARq
        vkw91v8rObXy9Zxg6BZrOO4C5h5dmjOndaIFpk8OAJhqY2slyGDfkeJHQDu1hnhx
        DPq0mSJsVNfGUlQumHM0o0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQE
        AwIBBjAdBgNVHQ4EFgQUJbly05o6ESInpQo3bbmFEdMLWJUwCgYIKoZIzj0EAwID
        SQAwRgIhAJIRo/qrC73vnSBrd8rKq4ZwCVC5bxMypw1MtNbalwsBAiEA2W60IA5u
        v69dkg8QWD+gK2FP8/Jn2E40bhSQnlcjYUY=
        -----END CERTIFICATE-----
        """

    /// The certificate for 127.0.0.1 and localhost.
    static let venue = VenueTLS(
        certificates: """
            -----BEGIN CERTIFICATE-----
            MIIBlzCCAT6gAwIBAgIBAjAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5UZXN0IEF1
            dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowEDEOMAwG
            A1UEAwwFdmVudWUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQLkRO9NeQzsKiR
            HLxlo+BH6BMCXa1hk3WwFWVal6Y2izG4LwbbFw5GoUopShQub8qOKIs/j5syEpgH
            TE4pg4Xeo34wfDAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwEwYDVR0lBAww
            CgYIKwYBBQUHAwEwCQYDVR0TBAIwADAdBgNVHQ4EFgQUv2mAOvopVadgiSEg6FAa
            AduIM0QwHwYDVR0jBBgwFoAUJbly05o6ESInpQo3bbmFEdMLWJUwCgYIKoZIzj0E
            AwIDRwAwRAIgbR1LjtW8oICHk7Aa+oiUuebYuUkZf74aoV6jjFOdug8CIBas5cbt
            euL5JMuNR/Gut+/mkkHQnamGeI/sm0yUqzLV
            -----END CERTIFICATE-----
            """,
        privateKey: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkrKwJMeAK9clR9ma
            XLmjdw+5+e8/LnkFZpfnbhCALF2hRANCAAQLkRO9NeQzsKiRHLxlo+BH6BMCXa1h
            k3WwFWVal6Y2izG4LwbbFw5GoUopShQub8qOKIs/j5syEpgHTE4pg4Xe
            -----END PRIVATE KEY-----
            """
    )

    /// The certificate for venue.example, which does not match the address in the tests.
    static let otherHost = VenueTLS(
        certificates: """
            -----BEGIN CERTIFICATE-----
            MIIBljCCATygAwIBAgIBAzAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5UZXN0IEF1
            dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowEDEOMAwG
            A1UEAwwFb3RoZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARg+xhiqRMKKP4y
            LvAutHSw0pUCJOPrP2PJ8BF1rFN4sdhU0tFEGattdGSqQhHa+Yi4dvte+DTp1IK+
            HDUKHB7no3wwejAYBgNVHREEETAPgg12ZW51ZS5leGFtcGxlMBMGA1UdJQQMMAoG
            CCsGAQUFBwMBMAkGA1UdEwQCMAAwHQYDVR0OBBYEFBtEC4hgZgPt7bzsqzpcp1gF
            vDnxMB8GA1UdIwQYMBaAFCW5ctOaOhEiJ6UKN225hRHTC1iVMAoGCCqGSM49BAMC
            A0gAMEUCIBPHfBXV2UhfbF0eOlDYE7Ro5gKEs0eZkIYeDmQTflorAiEA1j5U0cA3
            daKxZG6AZjrDtI6+T/WeajBKFYPJsxWqyZA=
            -----END CERTIFICATE-----
            """,
        privateKey: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgorBgJbo+OmP8F9lH
            bZ7ySSrRs1FBU+v0OfXHN3ngAa6hRANCAARg+xhiqRMKKP4yLvAutHSw0pUCJOPr
            P2PJ8BF1rFN4sdhU0tFEGattdGSqQhHa+Yi4dvte+DTp1IK+HDUKHB7n
            -----END PRIVATE KEY-----
            """
    )
}
