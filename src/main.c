/* main.c - the program: options, then prompt, script or command. */
#include "config.h"

int main(void)
{
	return 0;
}
