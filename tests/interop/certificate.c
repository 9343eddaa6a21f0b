/* What CZMQ makes of certificate files.

   certificate save FILE NAME       writes one with new keys, and prints both
   certificate load FILE            prints the keys, and who it is
   certificate find DIRECTORY KEY   prints who has this key */

#include <czmq.h>

static int show (zcert_t *certificate)
{
    if (!certificate)
        return 1;
    const char *name = zcert_meta (certificate, "name");
    printf ("%s\n%s\n%s\n", zcert_public_txt (certificate),
            zcert_secret_txt (certificate), name ? name : "");
    return 0;
}

int main (int argc, char **argv)
{
    if (argc == 4 && streq (argv[1], "save")) {
        zcert_t *certificate = zcert_new ();
        zcert_set_meta (certificate, "name", "%s", argv[3]);
        if (zcert_save (certificate, argv[2]))
            return 1;
        return show (certificate);
    }
    if (argc == 3 && streq (argv[1], "load"))
        return show (zcert_load (argv[2]));
    if (argc == 4 && streq (argv[1], "find"))
        return show (zcertstore_lookup (zcertstore_new (argv[2]), argv[3]));
    return 2;
}
